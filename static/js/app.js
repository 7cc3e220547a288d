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

  // On a narrow screen, long lists start folded.
  if (window.matchMedia("(max-width: 61.99rem)").matches) {
    document.querySelectorAll("details[data-fold=narrow]").forEach(function (fold) {
      fold.open = false;
    });
  }

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
