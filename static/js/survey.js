/* Surveys: copy a text, print a page, type sheets in by digits. Each page works without this file. */
(function () {
  "use strict";

  document.querySelectorAll("[data-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });

  document.querySelectorAll("[data-copy]").forEach(function (button) {
    if (!navigator.clipboard) return;
    var words = button.textContent;
    button.hidden = false;
    button.addEventListener("click", function () {
      var source = document.querySelector(button.dataset.copy);
      navigator.clipboard.writeText(source.value || source.textContent).then(function () {
        button.textContent = "Copié";
        setTimeout(function () { button.textContent = words; }, 2000);
      });
    });
  });

  // A sheet typed in by digits: 1 to 5 ticks and goes on, 0 leaves the question.
  var entry = document.querySelector(".survey-entry");
  if (!entry) return;
  var hint = document.querySelector("[data-digits]");
  if (hint) hint.hidden = false;
  var rows = Array.from(entry.querySelectorAll(".survey-entry__row"));
  function enter(row) {
    var target = row ? row.querySelector("input:checked") || row.querySelector("input") : entry.querySelector("[type=submit]");
    target.focus();
  }
  entry.addEventListener("keydown", function (event) {
    var row = event.target.closest(".survey-entry__row");
    if (!row || event.ctrlKey || event.altKey || event.metaKey || !/^[0-5]$/.test(event.key)) return;
    event.preventDefault();
    var inputs = row.querySelectorAll("input");
    if (event.key === "0") inputs.forEach(function (input) { input.checked = false; });
    else inputs[event.key - 1].checked = true;
    enter(rows[rows.indexOf(row) + 1]);
  });
  if (!document.querySelector(".error-summary")) enter(rows[0]);
})();
