// Looks every word up in the sections of all pages; headings count more. Without scripts the page lists them all.
document.addEventListener("DOMContentLoaded", function () {
  "use strict";
  var form = document.querySelector(".search-form"), field = form.querySelector("input");
  var list = document.querySelector(".found"), said = document.querySelector(".said");
  var all = document.querySelector(".all-sections"), index = window.searchIndex;
  if (!index) { return; }
  form.hidden = false;

  function plain(text) { return text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, ""); }
  var sections = index.sections.map(function (section) {
    var page = index.pages[section[0]];
    return {
      address: page[0] + "#" + section[1], page: page[1], heading: section[2] || page[1], text: section[3],
      plainHeading: plain((section[2] || "") + " " + (section[1] === "main" ? page[1] : "")), plainText: plain(section[3])
    };
  });

  function count(text, word) {
    var found = 0, place = text.indexOf(word);
    while (place >= 0 && found < 20) { found += 1; place = text.indexOf(word, place + word.length); }
    return found;
  }

  function score(section, words) {
    var sum = 0;
    for (var i = 0; i < words.length; i += 1) {
      var points = 8 * count(section.plainHeading, words[i]) + count(section.plainText, words[i]);
      if (!points) { return 0; }
      sum += points;
    }
    return sum;
  }

  function excerpt(section, words) {
    var place = words.map(function (word) { return section.plainText.indexOf(word); })
      .filter(function (at) { return at >= 0; }).sort(function (a, b) { return a - b; })[0] || 0;
    var start = Math.max(0, section.text.lastIndexOf(" ", Math.max(0, place - 60)));
    return (start ? "… " : "") + section.text.slice(start, start + 180).trim() + (section.text.length > start + 180 ? " …" : "");
  }

  function show(query) {
    var words = plain(query).split(/[^\p{L}\p{N}]+/u).filter(Boolean);
    list.textContent = "";
    all.hidden = words.length > 0;
    if (!words.length) { said.textContent = ""; return; }
    var hits = sections.map(function (section) { return [score(section, words), section]; })
      .filter(function (hit) { return hit[0]; }).sort(function (a, b) { return b[0] - a[0]; }).slice(0, 30);
    said.textContent = hits.length ? hits.length + (hits.length === 1 ? " section" : " sections") : "Nothing found.";
    hits.forEach(function (hit) {
      var item = document.createElement("li"), link = document.createElement("a"), where = document.createElement("small");
      link.href = hit[1].address;
      link.textContent = hit[1].heading;
      where.textContent = hit[1].page + (hit[1].text ? ": " + excerpt(hit[1], words) : "");
      item.appendChild(link);
      item.appendChild(where);
      list.appendChild(item);
    });
  }

  form.addEventListener("submit", function (event) { event.preventDefault(); show(field.value); });
  field.addEventListener("input", function () { show(field.value); });
  if (location.hash.length > 1) { field.value = decodeURIComponent(location.hash.slice(1)); show(field.value); }
});
