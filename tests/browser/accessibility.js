// Runs in the page: axe on every element, and what axe leaves open settled by measurement.
//
// axe decides nothing about the contrast of text in drawings (it reports "background could not be determined" or
// passes it with a ratio of null), of signs without letters (operators, dashes, brackets) and of text for screen
// readers alone, and it says nothing of generated content. So `contrast` measures every text there is, also the
// ones axe has passed. Nothing else may stay undecided, and all is counted: an element that no rule has looked at
// is a finding like any other.
(asked => {
  "use strict";
  const { tags, without } = asked;
  const AAA = 7, AAA_LARGE = 4.5, canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const seen = new Map();

  // Any CSS colour as red, green, blue (0-255) and opacity (0-1).
  function colour(css) {
    if (!seen.has(css)) {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = css;
      canvas.fillRect(0, 0, 1, 1);
      const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
      seen.set(css, [red, green, blue, alpha / 255]);
    }
    return seen.get(css);
  }
  function over(above, below, opacity = 1) {
    const alpha = above[3] * opacity;
    return [0, 1, 2].map(part => above[part] * alpha + below[part] * (1 - alpha)).concat(1);
  }
  function luminance(shade) {
    const [red, green, blue] = shade.slice(0, 3).map(part => part / 255)
      .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  }
  function ratio(one, other) {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  }

  function behind(element) {
    const layers = [];
    for (let box = element; box; box = box.parentElement) {
      const style = getComputedStyle(box);
      if (style.backgroundImage !== "none") { throw new Error("a background image: measure it"); }
      layers.unshift(colour(style.backgroundColor));
      if (layers[0][3] === 1) { break; }
    }
    return layers.reduce((below, above) => over(above, below), [255, 255, 255, 1]);
  }

  // What a drawing has painted below a text at a point: all earlier shapes filled there, one over the other.
  function painted(text, x, y, paper) {
    const drawing = text.closest("svg");
    let ground = paper;
    for (const shape of drawing.querySelectorAll("path, rect, circle, ellipse, polygon")) {
      if (!(shape.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_FOLLOWING)) { break; }
      const style = getComputedStyle(shape);
      if (style.fill === "none" || shape.closest("defs, clipPath")) { continue; }
      const at = new DOMPoint(x, y).matrixTransform(shape.getScreenCTM().inverse());
      if (!shape.isPointInFill(at)) { continue; }
      // A text on hatching must be legible where it meets a line.
      const lines = style.fill.startsWith("url") && document.querySelector(style.fill.slice(5, -2) + " path");
      const fill = colour(lines ? getComputedStyle(lines).stroke : style.fill);
      ground = over(fill, ground, style.fillOpacity * style.opacity);
    }
    return ground;
  }

  function inDrawing(text) {
    const style = getComputedStyle(text), paper = behind(text.closest("svg").parentElement);
    const box = text.getBoundingClientRect(), shade = colour(style.fill);
    // The middle of the text and points near its ends: a label may stand half on a bar, half beside it.
    return Math.min(...[0.1, 0.3, 0.5, 0.7, 0.9].map(part => {
      const level = box.width >= box.height;
      const ground = painted(
        text, box.x + box.width * (level ? part : 0.5), box.y + box.height * (level ? 0.5 : part), paper);
      return ratio(over(shade, ground, style.fillOpacity * style.opacity), ground);
    }));
  }

  function enough(style) {
    const size = parseFloat(style.fontSize);
    return size >= 24 || (size >= 18.66 && style.fontWeight >= 700) ? AAA_LARGE : AAA;
  }
  function named(element) { return element.outerHTML.slice(0, 120); }
  function speaks(element) {
    return Array.from(element.childNodes).some(node => node.nodeType === Node.TEXT_NODE && node.data.trim());
  }

  function contrast(elements) {
    const poor = [];
    let measured = 0;
    for (const element of elements) {
      const style = getComputedStyle(element);
      if (speaks(element)) {
        const found = element.closest("svg") ? inDrawing(element)
          : ratio(over(colour(style.color), behind(element)), behind(element));
        measured += 1;
        if (found < enough(style)) { poor.push(`contrast ${found.toFixed(2)}: ${named(element)}`); }
      }
      for (const part of ["::before", "::after"]) {
        const made = getComputedStyle(element, part);
        if (["none", "normal", '""'].includes(made.content)) { continue; }
        measured += 1;
        const found = ratio(colour(made.color), behind(element));
        if (found < enough(made)) { poor.push(`contrast ${found.toFixed(2)} of ${part}: ${named(element)}`); }
      }
    }
    return { poor, measured };
  }

  // axe asks for a look at headings of a group of rows (scope=rowgroup), because their own row has no data: the
  // group has. Every heading must have data in its column, row or group.
  function headsData(table) {
    const rows = Array.from(table.rows), place = cell => {
      let start = 0;
      for (const other of cell.parentElement.cells) { if (other === cell) { break; } start += other.colSpan; }
      return [start, start + cell.colSpan];
    };
    const cells = rows.flatMap(row => Array.from(row.cells));
    return cells.filter(cell => cell.scope).every(heading => cells.some(cell => {
      const row = cell.parentElement, own = heading.parentElement;
      if (heading.scope === "rowgroup") { return row.parentElement === own.parentElement && cell.tagName === "TD"; }
      if (heading.scope === "row") { return row === own && cell.tagName === "TD"; }
      return row.rowIndex > own.rowIndex && place(cell)[0] < place(heading)[1] && place(heading)[0] < place(cell)[1];
    }));
  }
  const settled = { "color-contrast": () => true, "color-contrast-enhanced": () => true, "th-has-data-cells": headsData };

  return (async () => {
    const shown = Array.from(document.body.querySelectorAll("*")).filter(element => element.checkVisibility());
    // What comes into sight under the pointer or the keyboard is read there too.
    shown.filter(element => getComputedStyle(element).opacity === "0").forEach(element => { element.style.opacity = 1; });
    if (!tags.length) { return { findings: contrast(shown).poor }; }
    // What the page's own script does after a change of width (a box that now scrolls gets its place in the order of
    // the keyboard) is done by the second frame; axe must not look in between.
    await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
    // Without selectors axe reports every element it has looked at in the time it takes to report one.
    const rules = Object.fromEntries(without.map(rule => [rule, { enabled: false }]));
    const found = await axe.run(
      document, { runOnly: tags, rules, selectors: false, elementRef: true, preload: false });
    const reached = new Set();
    [found.passes, found.violations, found.incomplete].flat().forEach(
      rule => rule.nodes.forEach(node => reached.add(node.element)));
    const broken = found.violations.flatMap(rule => rule.nodes.map(node => `${rule.id}: ${named(node.element)}`));
    const open = found.incomplete.flatMap(rule => rule.nodes
      .filter(node => !(rule.id in settled && settled[rule.id](node.element)))
      .map(node => `${rule.id} undecided: ${named(node.element)}`));
    const passedBy = shown.filter(element => !reached.has(element) && !element.closest("svg[aria-hidden=true]"));
    const { poor, measured } = contrast(shown);
    return {
      findings: [...broken, ...open, ...passedBy.map(element => `not examined: ${named(element)}`), ...poor],
      shown: shown.length, examined: shown.filter(element => reached.has(element)).length, measured,
      texts: shown.filter(speaks).length,
    };
  })();
})
