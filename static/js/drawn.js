/* A signature drawn by hand, on the page where one signs. A decoration: without this file, nothing is missing. */
(function () {
  "use strict";

  var block = document.querySelector("[data-drawing]");
  if (!block) return;
  var canvas = block.querySelector("canvas");
  var clear = block.querySelector("[data-drawing-clear]");
  var kept = document.getElementById(block.dataset.drawing);
  var said = block.querySelector("[data-drawing-said]");
  var pen = canvas.getContext && canvas.getContext("2d");
  if (!pen || !kept) return;
  var last = null;
  var drawn = false;

  function place(event) {
    var box = canvas.getBoundingClientRect();
    return { x: (event.clientX - box.left) * canvas.width / box.width, y: (event.clientY - box.top) * canvas.height / box.height };
  }

  function begin(event) {
    event.preventDefault();
    last = place(event);
    if (canvas.setPointerCapture) canvas.setPointerCapture(event.pointerId);
    move(event);
  }

  function move(event) {
    if (!last) return;
    var here = place(event);
    pen.lineWidth = 3;
    pen.lineCap = "round";
    pen.lineJoin = "round";
    pen.strokeStyle = "#000";
    pen.beginPath();
    pen.moveTo(last.x, last.y);
    pen.lineTo(here.x + 0.1, here.y);
    pen.stroke();
    last = here;
    drawn = true;
  }

  function end() {
    if (!last) return;
    last = null;
    kept.value = drawn ? canvas.toDataURL("image/png") : "";
    said.textContent = "Dessin ajouté. Il est facultatif.";
  }

  canvas.addEventListener("pointerdown", begin);
  canvas.addEventListener("pointermove", move);
  canvas.addEventListener("pointerup", end);
  canvas.addEventListener("pointercancel", end);
  clear.addEventListener("click", function () {
    pen.clearRect(0, 0, canvas.width, canvas.height);
    drawn = false;
    kept.value = "";
    said.textContent = "Dessin effacé.";
  });
  if (kept.value) {  // what was drawn before a code was refused
    var before = new Image();
    before.onload = function () { pen.drawImage(before, 0, 0); drawn = true; };
    before.src = kept.value;
  }
  block.hidden = false;
})();
