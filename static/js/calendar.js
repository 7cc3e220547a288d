/* The dates of a calendar: the words of a row follow its fields. Without this file they stay those first shown. */
(function () {
  "use strict";

  var inFull = new Intl.DateTimeFormat("fr-FR", { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  var inMonth = new Intl.DateTimeFormat("fr-FR", { month: "long", year: "numeric", timeZone: "UTC" });

  function field(row, name) {
    return row.querySelector("[name$='-" + name + "']");
  }

  function words(row) {
    var precision = field(row, "precision").value;
    var written = field(row, "as_written").value.trim();
    var day = field(row, "day").value;
    var hour = field(row, "hour").value;
    if ((precision === "unknown" || precision === "month") && written) return written;
    if (precision === "unknown") return "Date à confirmer";
    if (!day) return "À compléter";
    var date = new Date(day + "T00:00:00Z");
    if (precision === "month") return inMonth.format(date);
    var said = inFull.format(date);
    if (precision !== "datetime" || !hour) return said;
    var parts = hour.split(":");
    return said + ", " + Number(parts[0]) + "\u00a0h" + (parts[1] === "00" ? "" : "\u00a0" + parts[1]);
  }

  document.addEventListener("change", function (event) {
    var row = event.target.closest("[data-date-row]");
    if (!row) return;
    var said = words(row);
    row.querySelector("[data-date-words]").textContent = said.charAt(0).toUpperCase() + said.slice(1);
    row.classList.add("is-changed");
  });
})();
