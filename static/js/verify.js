/* Verifying a document: its fingerprint is computed here, and asked about; the file leaves only when asked to.
   Without this file, the form sends the document itself. */
(function () {
  "use strict";
  var form = document.querySelector("[data-verify]");
  if (!form || !window.fetch || !window.crypto || !crypto.subtle) return;
  var input = form.querySelector("input[type=file]");
  var state = document.querySelector("[data-verify-state]");
  var answer = document.querySelector("[data-verify-answer]");
  var whole = form.querySelector("[data-verify-whole]");
  form.querySelector("[data-verify-plain]").hidden = true;
  form.querySelector("[data-verify-scripted]").hidden = false;

  function tell(words) {
    state.hidden = !words;
    state.textContent = words;
  }
  function hex(buffer) {
    return Array.from(new Uint8Array(buffer)).map(function (byte) { return byte.toString(16).padStart(2, "0"); }).join("");
  }
  function ask(sha256) {
    return fetch(form.action, {
      method: "POST",
      credentials: "same-origin",
      headers: { "HX-Request": "true", Accept: "text/html" },
      body: new URLSearchParams({ sha256: sha256 })
    }).then(function (response) { return response.text(); });
  }
  function show(html) {
    tell("");
    answer.innerHTML = html;
    whole.hidden = false;
    var title = answer.querySelector("[tabindex]") || answer;
    title.focus();
    answer.scrollIntoView({ block: "start" });
  }

  input.addEventListener("change", function () { whole.hidden = true; });
  form.addEventListener("submit", function (event) {
    var file = input.files[0];
    if (!file) return;
    if (file.size > Number(form.dataset.limit)) {
      event.preventDefault();
      tell("Ce fichier est plus lourd qu’aucune convention : choisissez-en un autre.");
      return;
    }
    event.preventDefault();
    tell("Calcul de l’empreinte…");
    file.arrayBuffer()
      .then(function (content) { return crypto.subtle.digest("SHA-256", content); })
      .then(function (digest) { return ask(hex(digest)); })
      .then(show)
      .catch(function () {
        tell("La vérification n’a pas pu se faire : réessayez, ou envoyez le fichier.");
        whole.hidden = false;
      });
  });
  form.querySelector("[data-verify-send]").addEventListener("click", function () { form.submit(); });
})();
