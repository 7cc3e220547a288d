/* The plan: cards moved by dragging or by their small form, without leaving the page; boxes ticked all at once.
   Without this file the forms do the same. */
(function () {
  "use strict";

  var OFFLINE = "Pas enregistré : pas de connexion. La carte est revenue à sa place.";
  var SESSION = "Pas enregistré : votre session a expiré. Rechargez la page pour vous reconnecter. La carte est revenue à sa place.";
  var TROUBLE = "Pas enregistré : une panne nous en empêche. La carte est revenue à sa place, recommencez dans un instant.";
  var REFUSED = "Pas enregistré : ce déplacement n’est plus possible. Rechargez la page.";
  var ASKS_WHY = ["blocked", "abandoned"];

  function token() { return (document.cookie.match(/(?:^|; )csrftoken=([^;]+)/) || [])[1]; }

  // Tick all: the boxes of the form that bear this name.
  document.querySelectorAll("[data-check-all]").forEach(function (all) {
    var boxes = Array.from(all.form.querySelectorAll("[name=" + all.dataset.checkAll + "]"));
    all.closest("[hidden]").hidden = false;
    all.addEventListener("change", function () { boxes.forEach(function (box) { box.checked = all.checked; }); });
    all.form.addEventListener("change", function () { all.checked = boxes.every(function (box) { return box.checked; }); });
  });

  var board = document.querySelector("[data-board]"), said = document.querySelector("[data-said]"), held = null;
  if (!board) return;

  function say(text, failed) {
    said.textContent = text;
    said.classList.toggle("is-failed", Boolean(failed));
  }
  function column(status) { return board.querySelector("[data-column='" + status + "']"); }
  function count() {
    board.querySelectorAll("[data-column]").forEach(function (one) {
      one.querySelector("[data-count]").textContent = one.querySelectorAll("[data-card]").length;
    });
  }
  function unfold(status) {
    var fold = column(status).querySelector("details.fold");
    if (fold) fold.open = true;
  }
  function drawn(html) {
    var holder = document.createElement("template");
    holder.innerHTML = html.trim();
    return holder.content.firstElementChild;
  }
  function ready(card) {
    card.draggable = true;
    card.querySelectorAll("a").forEach(function (link) { link.draggable = false; });
  }

  // The card as the server has it takes the place of the one shown; the focus stays with it.
  function replace(card, body, focused) {
    var fresh = drawn(body.card), cards = column(body.status).querySelector("[data-cards]");
    ready(fresh);
    if (card.parentElement === cards) card.replaceWith(fresh);
    else { cards.prepend(fresh); card.remove(); }
    unfold(body.status);
    count();
    if (focused) fresh.querySelector(".plan-move > summary").focus();
  }

  function move(card, status) {
    var form = card.querySelector("[data-move]"), from = card.parentElement, next = card.nextElementSibling;
    var focused = card.contains(document.activeElement), data = new FormData(form);
    if (ASKS_WHY.indexOf(status) >= 0) {
      location.assign(form.getAttribute("action") + "?vers=" + status);
      return;
    }
    data.set("status", status);
    if (token()) data.set("csrfmiddlewaretoken", token());
    if (card.dataset.status !== status) column(status).querySelector("[data-cards]").prepend(card);
    card.classList.add("is-moving");
    count();
    say("Enregistrement…");

    function back(text) {
      card.classList.remove("is-moving");
      from.insertBefore(card, next && next.parentElement === from ? next : null);
      count();
      say(text, true);
      if (focused) card.querySelector(".plan-move > summary").focus();
    }
    fetch(form.getAttribute("action"), { method: "POST", body: data, headers: { Accept: "application/json" }, credentials: "same-origin" })
      .then(function (response) {
        var type = response.headers.get("Content-Type") || "";
        if (response.url.indexOf("/connexion/") >= 0) return back(SESSION);
        if (response.status >= 500 || response.status === 429) return back(TROUBLE);
        if (type.indexOf("application/json") !== 0) return back(REFUSED);
        return response.json().then(function (body) {
          if (!body.card) return back(body.error);
          replace(card, body, focused);
          say(body.said || body.error, !body.said);
        });
      }, function () { back(OFFLINE); });
  }

  board.addEventListener("submit", function (event) {
    if (!event.target.matches("[data-move]")) return;
    event.preventDefault();
    move(event.target.closest("[data-card]"), event.target.elements.status.value);
  });

  function over(event) { return held && event.target.closest("[data-column]"); }
  function lit(target) {
    board.querySelectorAll(".is-over").forEach(function (one) { if (one !== target) one.classList.remove("is-over"); });
    if (target) target.classList.add("is-over");
  }
  board.addEventListener("dragstart", function (event) {
    held = event.target.closest && event.target.closest("[data-card]");
    if (!held) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", held.dataset.what);
    held.classList.add("is-held");
  });
  board.addEventListener("dragover", function (event) {
    var target = over(event);
    if (!target) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "move";
    lit(target);
  });
  board.addEventListener("drop", function (event) {
    var target = over(event), card = held;
    if (!target) return;
    event.preventDefault();
    if (target.dataset.column !== card.dataset.status) move(card, target.dataset.column);
  });
  board.addEventListener("dragend", function () {
    if (held) held.classList.remove("is-held");
    held = null;
    lit(null);
  });

  board.querySelectorAll("[data-card]").forEach(ready);
  document.querySelectorAll("[data-drag-hint]").forEach(function (hint) { hint.hidden = false; });
})();
