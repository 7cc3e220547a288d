/* Small helps for every page. Each page works without this file. */
(function () {
  "use strict";

  // Demonstration: fill in the sign-in form from the table of accounts.
  document.addEventListener("click", function (event) {
    var button = event.target.closest(".js-fill-login");
    if (!button) return;
    var login = document.getElementById("id_login");
    var password = document.getElementById("id_password");
    if (!login || !password) return;
    login.value = button.dataset.email;
    password.value = button.dataset.password;
    var submit = login.form.querySelector("[type=submit]");
    login.form.scrollIntoView({ block: "center" });
    if (submit) submit.focus();
  });

  // A menu closes with Escape, or when one goes elsewhere.
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    document.querySelectorAll("details.menu[open]").forEach(function (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });
  document.addEventListener("click", function (event) {
    document.querySelectorAll("details.menu[open]").forEach(function (menu) {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });

  // On a narrow screen, long lists start folded; never what the address aims at, nor what is wrong.
  function aimed() { return document.getElementById(location.hash.slice(1)); }
  if (window.matchMedia("(max-width: 61.99rem)").matches) {
    var aim = aimed();
    document.querySelectorAll("details[data-fold=narrow]").forEach(function (fold) {
      fold.open = Boolean(fold.querySelector("[role=alert]") || (aim && (aim.contains(fold) || fold.contains(aim))));
    });
    window.addEventListener("hashchange", function () {
      var place = aimed();
      if (place) place.querySelectorAll("details[data-fold=narrow]").forEach(function (fold) { fold.open = true; });
    });
  }

  // A form sent without leaving the page: what could not be sent stays in it, and it is said.
  function unsent(form, text) {
    var place = form && form.querySelector("[data-unsent]");
    if (!place) return;
    place.textContent = text + " Votre texte est toujours là.";
    place.hidden = false;
  }
  document.addEventListener("htmx:beforeSwap", function (event) {
    if (event.detail.xhr.responseURL.indexOf("/connexion/") < 0) return;
    event.detail.shouldSwap = false;
    unsent(event.detail.requestConfig.elt, "Pas enregistré : votre session a expiré. Reconnectez-vous dans un autre onglet, puis recommencez.");
  });
  // Signing in again, in another tab, changes the token.
  document.addEventListener("htmx:configRequest", function (event) {
    var token = (document.cookie.match(/(?:^|; )csrftoken=([^;]+)/) || [])[1];
    if (token && event.detail.verb === "post") event.detail.parameters.csrfmiddlewaretoken = token;
  });
  document.addEventListener("htmx:sendError", function (event) {
    unsent(event.detail.requestConfig.elt, "Pas enregistré : pas de connexion. Recommencez dans un instant.");
  });
  document.addEventListener("htmx:responseError", function (event) {
    unsent(event.detail.requestConfig.elt, "Pas enregistré : cet acte n’est plus possible, ou une panne nous en empêche. Copiez votre texte, puis rechargez la page.");
  });

  // What is to be put right is read first.
  function focusErrors(root) {
    var summary = root.querySelector(".error-summary");
    if (summary) summary.focus();
  }
  focusErrors(document);
  document.addEventListener("htmx:load", function (event) {
    if (event.target !== document.body) focusErrors(event.target);
  });
})();
