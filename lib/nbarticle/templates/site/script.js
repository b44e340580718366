// Comfort only: the page reads without it. Theme, one switch for all code, copying, the place in the contents,
// and a tab stop for boxes that really scroll.
(function () {
  "use strict";
  var root = document.documentElement, themes = ["system", "light", "dark"];
  function stored() { try { return localStorage.getItem("theme"); } catch (error) { return null; } }
  function keep(value) { try { localStorage.setItem("theme", value); } catch (error) { return; } }
  function theme(value) {
    if (value === "light" || value === "dark") { root.dataset.theme = value; } else { delete root.dataset.theme; }
  }
  theme(stored());

  // The fonts stand in the page and load within milliseconds; text that waits for them never moves.
  function show() { root.style.visibility = ""; }
  if (document.fonts) {
    root.style.visibility = "hidden";
    Promise.all(Array.from(document.fonts, function (face) { return face.load(); })).then(show, show);
    setTimeout(show, 400);
  }

  function each(selector, action) { Array.prototype.forEach.call(document.querySelectorAll(selector), action); }

  function themeSwitch(button) {
    function label() { button.textContent = "Theme: " + (root.dataset.theme || "system"); }
    button.hidden = false;
    label();
    button.addEventListener("click", function () {
      var next = themes[(themes.indexOf(root.dataset.theme || "system") + 1) % 3];
      keep(next);
      theme(next);
      label();
    });
    // Pages side by side follow; and the word may come from the page left a moment ago after this one was drawn.
    window.addEventListener("storage", function (event) {
      if (event.key === "theme" || event.key === null) { theme(stored()); label(); }
    });
  }

  function codeSwitch(button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      var open = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", String(open));
      button.textContent = open ? "Hide code" : "Show code";
      each("details.cell-code", function (fold) { fold.open = open; });
    });
  }

  function copier(code) {
    var box = document.createElement("div"), button = document.createElement("button");
    box.className = "copybox";
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    code.parentNode.insertBefore(box, code);
    box.appendChild(code);
    box.appendChild(button);
    button.addEventListener("click", function () {
      function said(word) {
        button.textContent = word;
        setTimeout(function () { button.textContent = "Copy"; }, 1500);
      }
      function byHand() {
        var range = document.createRange();
        range.selectNodeContents(code);
        getSelection().removeAllRanges();
        getSelection().addRange(range);
        said(document.execCommand("copy") ? "Copied" : "Selected");
      }
      if (!navigator.clipboard) { byHand(); return; }
      navigator.clipboard.writeText(code.textContent).then(function () { said("Copied"); }, byHand);
    });
  }

  function scroller(box) {
    if (box.scrollWidth > box.clientWidth + 1) {
      box.tabIndex = 0;
      box.setAttribute("role", "group");
      box.setAttribute("aria-label", box.dataset.name + ", scrolls sideways");
    } else if (box.hasAttribute("role")) {
      ["tabindex", "role", "aria-label"].forEach(function (name) { box.removeAttribute(name); });
    }
  }

  function follow() {
    var links = {}, seen = new Set(), order = [];
    each(".contents a", function (link) { links[link.hash.slice(1)] = link; });
    each("main h2[id], main h3[id]", function (heading) { if (links[heading.id]) { order.push(heading); } });
    if (!order.length || !window.IntersectionObserver) { return; }
    function mark() {
      var line = innerHeight / 3, current = null;
      order.forEach(function (heading) { if (heading.getBoundingClientRect().top < line) { current = heading; } });
      each(".contents [aria-current]", function (link) { link.removeAttribute("aria-current"); });
      if (current) { links[current.id].setAttribute("aria-current", "true"); }
    }
    addEventListener("scroll", function () {
      if (!seen.has("frame")) {
        seen.add("frame");
        requestAnimationFrame(function () { seen.delete("frame"); mark(); });
      }
    }, { passive: true });
    mark();
  }

  document.addEventListener("DOMContentLoaded", function () {
    each("[data-tool=theme]", themeSwitch);
    each("[data-tool=code]", codeSwitch);
    each("pre.code", copier);
    if (window.ResizeObserver) {
      var watch = new ResizeObserver(function (entries) { entries.forEach(function (entry) { scroller(entry.target); }); });
      each(".scrolls", function (box) { watch.observe(box); });
    }
    follow();
  });
})();
