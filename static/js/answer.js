/* Answers are saved as one types. Without this file, the forms work with their buttons.
   What is not saved yet is kept on this device, under the person and the answer it belongs to. */
(function () {
  "use strict";

  var PREFIX = "caprse:answer:";
  var TYPING = 800; // ms after the last key
  var RETRY = 5000;
  var NAMES = ["practice", "choice", "na_reason", "comment", "comment_visibility", "to_review"];
  var SESSION = "Votre session a expiré. Votre texte est gardé sur cet appareil : reconnectez-vous dans un autre onglet, l’enregistrement reprendra.";
  var OFFLINE = "Pas enregistré : pas de connexion. Votre texte est gardé ici, nous réessayons.";
  var TROUBLE = "Pas enregistré : une panne de notre côté. Votre texte est gardé ici, nous réessayons.";
  var REFUSED = "Pas enregistré. Votre texte est gardé sur cet appareil : rechargez la page pour continuer.";
  var REASON = "Pas encore enregistré : dites en quelques mots pourquoi ce critère ne s’applique pas.";
  var keepers = [];

  function keep(key, draft) {
    try { localStorage.setItem(key, JSON.stringify(draft)); } catch (_) { /* full or closed: the page still holds the text */ }
  }
  function kept(key) {
    try { return JSON.parse(localStorage.getItem(key)); } catch (_) { return null; }
  }
  function forget(key) {
    try { localStorage.removeItem(key); } catch (_) { /* nothing was kept */ }
  }
  function plain(text) { return String(text || "").replace(/\r\n?/g, "\n").trim(); }
  function same(a, b) {
    return NAMES.every(function (name) { return plain(a[name]) === plain(b[name]); });
  }
  function token() {
    var found = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
    return found && found[1];
  }

  function Keeper(form) {
    this.form = form;
    this.key = PREFIX + form.dataset.user + ":" + form.getAttribute("action");
    this.item = document.querySelectorAll('[data-item="' + form.dataset.position + '"]');
    this.state = form.querySelector("[data-save-state]");
    this.saved = this.values();
    this.sent = null; // what left without an answer yet
    this.flight = null;
    this.trouble = ""; // "", "failed", "invalid", "conflict" or "closed"
    this.pointer = false;
    this.restore();
    this.listen();
  }

  Keeper.prototype = {
    field: function (name) { return this.form.elements[name]; },
    values: function () {
      var data = new FormData(this.form), values = {};
      NAMES.forEach(function (name) { values[name] = data.get(name) || ""; });
      return values;
    },
    dirty: function () { return !same(this.values(), this.saved); },
    revision: function () { return Number(this.field("revision").value); },

    restore: function () {
      var draft = kept(this.key), form = this.form;
      if (!draft || !draft.values) return;
      if (same(draft.values, this.saved) || (draft.settled && this.revision() > draft.settled)) return forget(this.key);
      NAMES.forEach(function (name) {
        form.querySelectorAll('[name="' + name + '"]').forEach(function (input) {
          if (input.type === "radio") input.checked = input.value === draft.values[name];
          else if (input.type === "checkbox") input.checked = Boolean(draft.values[name]);
          else input.value = draft.values[name];
        });
      });
      this.field("revision").value = draft.revision;
      this.sent = draft.sent;
      var fill = form.closest("details");
      if (fill) fill.open = true;
      this.save();
    },

    listen: function () {
      var self = this, form = this.form, button = null;
      form.addEventListener("input", function () { self.touched(TYPING); });
      form.addEventListener("change", function () { self.touched(0); });
      form.addEventListener("focusout", function () { if (self.timer) self.touched(0); });
      form.addEventListener("pointerdown", function () { self.pointer = true; });
      form.addEventListener("keydown", function () { self.pointer = false; });
      form.addEventListener("click", function (event) { button = event.target.closest("[type=submit]") || button; });
      form.addEventListener("submit", function (event) {
        if (self.trouble === "closed") return;
        event.preventDefault();
        var next = (event.submitter || button || {}).value;
        self.save(true).then(function (ok) { if (ok && next === "next") location.assign(form.dataset.next); });
      });
    },

    touched: function (delay) {
      var self = this;
      clearTimeout(this.timer);
      this.timer = null;
      if (!this.dirty() && !this.trouble) return;
      this.store();
      if (this.trouble === "conflict" || this.trouble === "closed") return;
      if (!delay) return this.save();
      this.timer = setTimeout(function () { self.save(); }, delay);
    },
    store: function () { keep(this.key, { revision: this.revision(), values: this.values(), sent: this.sent }); },

    // One request at a time; what was typed meanwhile leaves with the next one. Resolves to "is everything saved".
    save: function (asked) {
      var self = this;
      clearTimeout(this.timer);
      this.timer = null;
      if (this.trouble === "conflict" || this.trouble === "closed") return Promise.resolve(false);
      if (this.flight) return this.flight.then(function () { return self.save(asked); });
      if (!this.dirty() && !this.sent) {
        this.clean();
        return Promise.resolve(true);
      }
      if (this.waitsForReason(asked)) return Promise.resolve(false);
      this.flight = this.send();
      return this.flight.then(function (ok) {
        self.flight = null;
        return ok && self.dirty() && !self.trouble ? self.save(asked) : ok;
      });
    },

    waitsForReason: function (asked) {
      var reason = this.field("na_reason");
      if (this.values().choice !== "not_applicable" || plain(reason.value)) return false;
      this.say("failed", REASON);
      this.trouble = "invalid";
      if ((this.pointer || asked) && document.activeElement !== reason) reason.focus();
      return true;
    },

    send: function () {
      var self = this, values = this.values(), data = new FormData(this.form);
      if (token()) data.set("csrfmiddlewaretoken", token());
      this.sent = values;
      this.store();
      this.say("saving", "Enregistrement…");
      return fetch(this.form.action, {
        method: "POST",
        body: data,
        headers: { Accept: "application/json" },
        credentials: "same-origin",
        keepalive: JSON.stringify(values).length < 15000,
      }).then(function (response) { return self.answered(response, values); }, function () { return self.failed(OFFLINE); });
    },

    answered: function (response, values) {
      var self = this, json = (response.headers.get("Content-Type") || "").indexOf("application/json") === 0;
      if (response.redirected || response.url.indexOf("/connexion/") >= 0) {
        return this.failed(response.url.indexOf("/connexion/") >= 0 ? SESSION : REFUSED);
      }
      if (response.status >= 500 || response.status === 429) return this.failed(TROUBLE);
      if (!json) return this.failed(REFUSED);
      return response.json().then(function (body) {
        self.clean();
        if (response.status === 200) return self.done(body, values);
        if (response.status === 409) return self.conflict(body, values);
        self.sent = null;
        self.store();
        if (response.status === 422) return self.invalid(body.errors);
        self.trouble = "closed";
        self.say("failed", body.error + " Votre texte est gardé sur cet appareil.");
        return false;
      }, function () { return self.failed(TROUBLE); });
    },

    done: function (body, values) {
      this.field("revision").value = body.revision;
      this.saved = values;
      this.sent = null;
      if (this.dirty()) this.store(); else forget(this.key);
      this.say("saved", body.saved_at ? "Enregistré à " + body.saved_at : "Enregistré");
      this.mark(body.state);
      return true;
    },

    failed: function (text) {
      this.trouble = "failed";
      this.store();
      this.say("failed", text);
      var self = this;
      clearTimeout(this.again);
      this.again = setTimeout(function () { if (self.trouble === "failed") self.save(); }, RETRY);
      return false;
    },

    invalid: function (errors) {
      var self = this, first = "";
      Object.keys(errors).forEach(function (name) {
        var place = self.form.querySelector('[data-error-for="' + name + '"]');
        var text = errors[name].map(function (error) { return error.message; }).join(" ");
        first = first || text;
        if (!place) return;
        place.querySelector("[data-error-text]").textContent = text;
        place.hidden = false;
        place.parentElement.classList.add("field--error");
        self.form.querySelectorAll('textarea[name="' + name + '"]').forEach(function (input) { input.setAttribute("aria-invalid", "true"); });
      });
      this.trouble = "invalid";
      this.say("failed", "Pas encore enregistré : " + first);
      return false;
    },

    // Somebody saved in between; unless it was this very form, whose answer was lost on the way.
    conflict: function (body) {
      var form = this.form, mine = this.before || this.sent, holder = document.createElement("div");
      var own = mine && body.fields.every(function (field) { return plain(field.theirs) === plain(mine[field.name]); });
      if (own) {
        this.field("revision").value = body.revision;
        this.saved = mine;
        this.sent = this.before = null;
        return this.dirty() ? true : this.done({ revision: body.revision, state: "" }, mine);
      }
      this.trouble = "conflict";
      this.store();
      holder.innerHTML = body.html;
      var panel = holder.firstElementChild, key = this.key, draft = kept(key);
      form.before(panel);
      form.inert = true;
      form.classList.add("is-waiting");
      this.say("failed", "En attente de votre choix, plus haut.");
      panel.addEventListener("submit", function () {
        if (draft) keep(key, { revision: draft.revision, values: draft.values, settled: body.revision });
        leaving = true;
      });
      panel.querySelector("[tabindex]").focus();
      return false;
    },

    clean: function () {
      this.trouble = "";
      clearTimeout(this.again);
      this.form.querySelectorAll("[data-error-for]").forEach(function (place) {
        place.hidden = true;
        place.parentElement.classList.remove("field--error");
      });
      this.form.querySelectorAll("[aria-invalid]").forEach(function (input) { input.removeAttribute("aria-invalid"); });
    },
  };
})();
