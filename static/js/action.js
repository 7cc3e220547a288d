/* An action: the reason is asked for when it is blocked or abandoned. Without this file it is always there. */
(function () {
  "use strict";

  document.querySelectorAll("[data-shown-for]").forEach(function (block) {
    var choice = document.getElementById(block.dataset.of);
    if (!choice) return;
    var asked = block.dataset.shownFor.split(" ");
    function show() { block.hidden = asked.indexOf(choice.value) < 0; }
    choice.addEventListener("change", show);
    show();
  });
})();
