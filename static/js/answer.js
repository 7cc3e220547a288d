/* Forms marked data-answer are saved as one types: answers, viewpoints, figures. Without this file, they work with
   their buttons. What is not saved yet is kept on this device, under the person and the address it is posted to.
   data-names lists the fields a form saves; without it, those of an answer. */
(function () {
  "use strict";

  var PREFIX = "caprse:answer:";
  var TYPING = 800; // ms after the last key
  var RETRY = 5000;
  var ANSWER = "practice choice na_reason strength difficulty comment comment_visibility to_review";
  var SESSION = "Votre session a expiré. Votre texte est gardé sur cet appareil : reconnectez-vous dans un autre onglet, l’enregistrement reprendra.";
  var OFFLINE = "Pas enregistré : pas de connexion. Votre texte est gardé ici, nous réessayons.";
  var TROUBLE = "Pas enregistré : une panne de notre côté. Votre texte est gardé ici, nous réessayons.";
  var REFUSED = "Pas enregistré. Votre texte est gardé sur cet appareil : rechargez la page pour continuer.";
  var REASON = "Pas encore enregistré : dites en quelques mots pourquoi ce critère ne s’applique pas.";
  var LEAVING = "Un texte n’est pas encore enregistré. Si vous vous déconnectez, il sera effacé de cet appareil. Se déconnecter quand même ?";
  var keepers = [], leaving = false;

  // A full or closed storage takes nothing away: the page still holds the text.
  function keep(key, draft) { try { localStorage.setItem(key, JSON.stringify(draft)); } catch (_) { return false; } return true; }
  function kept(key) { try { return JSON.parse(localStorage.getItem(key)); } catch (_) { return null; } }
  function forget(key) { try { localStorage.removeItem(key); } catch (_) { return; } }
  function plain(values, name) {
    if (name === "na_reason" && values.choice !== "not_applicable") return "";
    return String(values[name] || "").replace(/\r\n?/g, "\n").trim();
  }
  function token() { return (document.cookie.match(/(?:^|; )csrftoken=([^;]+)/) || [])[1]; }
  // Text put back, or at fault, is never left behind a closed fold.
  function unfold(place) { for (var fold = place.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true; }
  function copy(holder, name) { return document.querySelector(holder + " [data-name=" + name + "]").firstElementChild.cloneNode(true); }

  // One form: what it holds, what the server has, what left without an answer (`lost`), what is wrong (`trouble`).
  function Keeper(form) {
    this.form = form;
    this.names = (form.dataset.names || ANSWER).split(" ");
    this.key = PREFIX + form.dataset.user + ":" + form.getAttribute("action");
    this.state = form.querySelector("[data-save-state]");
    this.saved = this.values();
    this.lost = [];
    this.trouble = ""; // "", "failed", "invalid", "conflict" or "closed"
    this.listen();
    this.restore();
  }

  Keeper.prototype = {
    values: function (form) {
      var data = new FormData(form || this.form), values = {};
      this.names.forEach(function (name) { values[name] = data.get(name) || ""; });
      return values;
    },
    same: function (a, b) { return this.names.every(function (name) { return plain(a, name) === plain(b, name); }); },
    dirty: function () { return !this.same(this.values(), this.saved); },
    // When the device is nearly full, what is on screen goes before what left without an answer.
    store: function () {
      var draft = { revision: this.form.elements.revision.value, values: this.values(), lost: this.lost };
      if (!keep(this.key, draft)) keep(this.key, Object.assign(draft, { lost: [] }));
    },
    blocked: function () { return this.trouble === "conflict" || this.trouble === "closed"; },
    // What this device kept is put back, on the version it was made on.
    restore: function () {
      var draft = kept(this.key), form = this.form;
      if (!draft || !draft.values) return;
      if (this.same(draft.values, this.saved)) return void forget(this.key);
      this.names.forEach(function (name) {
        if (!(name in draft.values)) return; // kept before the form had this field
        form.querySelectorAll('[name="' + name + '"]').forEach(function (input) {
          if (input.type === "radio") input.checked = input.value === draft.values[name];
          else if (input.type === "checkbox") input.checked = Boolean(draft.values[name]);
          else input.value = draft.values[name];
          if (draft.values[name]) unfold(input);
        });
      });
      form.elements.revision.value = draft.revision;
      this.lost = draft.lost || [];
      unfold(form);
      this.save();
    },
    listen: function () {
      var self = this, form = this.form, button = null;
      form.addEventListener("input", function (event) {
        self.picked = event.target.name === "choice" && self.pointer;
        self.touched(event.target.matches("textarea, [type=text]") ? TYPING : 0);
      });
      form.addEventListener("focusout", function () { if (self.timer) self.touched(0); });
      form.addEventListener("pointerdown", function () { self.pointer = true; });
      form.addEventListener("keydown", function () { self.pointer = false; });
      form.addEventListener("click", function (event) { button = event.target.closest("[type=submit]") || button; });
      form.addEventListener("submit", function (event) {
        var next = (event.submitter || button || {}).value;
        if (self.trouble === "closed") return;
        event.preventDefault();
        self.save(true).then(function (ok) { if (ok && next === "next") location.assign(form.dataset.next); });
      });
    },
    touched: function (delay) {
      var self = this;
      this.timer = clearTimeout(this.timer);
      if (!this.dirty() && !this.trouble && !this.flight) return;
      this.store();
      if (delay) this.timer = setTimeout(function () { self.save(); }, delay);
      else this.save();
    },
    // One request at a time; what was typed meanwhile leaves with the next one. Resolves to "all is saved".
    save: function (asked) {
      var self = this;
      this.timer = clearTimeout(this.timer);
      if (this.blocked()) return Promise.resolve(false);
      if (this.flight) return this.flight.then(function () { return self.save(asked); });
      if (!this.dirty() && !this.lost.length) {
        if (this.trouble) this.say("saved", "Tout est enregistré");
        forget(this.key);
        return Promise.resolve(this.clean());
      }
      if (this.waitsForReason(asked)) return Promise.resolve(false);
      this.flight = this.send();
      return this.flight.then(function (ok) { return ok && self.dirty() ? self.save(asked) : ok; });
    },
    waitsForReason: function (asked) {
      var reason = this.form.elements.na_reason, values = this.values();
      if (!reason || values.choice !== "not_applicable" || plain(values, "na_reason")) return false;
      this.trouble = "invalid";
      this.say("failed", REASON);
      if (asked || this.picked) reason.focus(); // arrows pass through a choice: the focus stays
      this.picked = false;
      return true;
    },
    send: function () {
      var self = this, values = this.values(), data = new FormData(this.form);
      if (token()) data.set("csrfmiddlewaretoken", token()); // signing in again, in another tab, changes it
      this.lost = this.lost.concat([values]).slice(-5);
      this.store();
      this.state.classList.add("is-saving");
      var how = { method: "POST", body: data, headers: { Accept: "application/json" }, credentials: "same-origin" };
      how.keepalive = JSON.stringify(values).length < 15000; // it outlives the page; browsers limit its size
      return fetch(this.form.action, how)
        .then(function (response) { return self.answered(response, values); }, function () { return self.failed(OFFLINE); })
        .then(function (ok) { self.flight = null; return ok; });
    },
    answered: function (response, values) {
      var self = this, type = response.headers.get("Content-Type") || "";
      if (response.url.indexOf("/connexion/") >= 0) return this.failed(SESSION);
      if (response.status >= 500 || response.status === 429) return this.failed(TROUBLE);
      if (type.indexOf("application/json") !== 0) return this.failed(REFUSED);
      return response.json().then(function (body) {
        var lost = self.lost;
        self.lost = [];
        self.clean();
        if (response.status === 200) return self.done(body, values);
        if (response.status === 409) return self.conflict(body, values, lost);
        self.store();
        if (response.status === 422) return self.invalid(body.errors);
        self.trouble = "closed";
        self.say("failed", body.error + " Votre texte est gardé sur cet appareil.");
        return false;
      }, function () { return self.failed(TROUBLE); });
    },
    done: function (body, values) {
      this.form.elements.revision.value = body.revision;
      this.saved = values;
      if (this.dirty()) this.store(); else forget(this.key);
      this.say("saved", body.saved_at ? "Enregistré à " + body.saved_at : "Enregistré");
      this.mark(values, body.state);
      return true;
    },
    failed: function (text) {
      this.trouble = "failed";
      this.store();
      this.say("failed", text);
      clearTimeout(this.again);
      this.again = setTimeout(this.retry.bind(this), RETRY);
      return false;
    },
    retry: function () { if (this.trouble === "failed" && !this.flight) this.save(); },
    invalid: function (errors) {
      var self = this, all = [];
      Object.keys(errors).forEach(function (name) {
        all.push(errors[name].map(function (error) { return error.message; }).join(" "));
        self.point(name, all[all.length - 1]);
      });
      this.trouble = "invalid";
      this.say("failed", "Pas encore enregistré : " + all.join(" "));
      return false;
    },
    // Somebody saved in between; unless it was this very form, whose answer was lost on the way.
    conflict: function (body, values, lost) {
      var self = this, form = this.form, theirs = Object.assign({}, values), holder = document.createElement("div");
      body.fields.forEach(function (field) { theirs[field.name] = field.theirs; });
      if (lost.some(function (sent) { return self.same(sent, theirs); })) return this.done(body, theirs);
      if (!this.same(this.values(), values)) { this.lost = lost; return this.send(); } // typed meanwhile: it takes part in the choice
      this.trouble = "conflict";
      this.store();
      this.say("failed", "En attente de votre choix, plus haut.");
      holder.innerHTML = body.html;
      holder.firstElementChild.addEventListener("submit", function () {
        leaving = true; // what was chosen is kept until a page shows it saved
        keep(self.key, { revision: body.revision, values: self.values(this), lost: [] });
      });
      form.before(holder);
      form.inert = true;
      form.classList.add("is-waiting");
      holder.querySelector("[tabindex]").focus();
      return false;
    },
    // What is wrong, beside the field; nothing when `text` is empty.
    point: function (name, text) {
      var place = this.form.querySelector("[data-error-for=" + name + "]"), input = this.form.querySelector("textarea[name=" + name + "], [type=text][name=" + name + "]");
      if (!place) return;
      if (text) unfold(place);
      place.querySelector("[data-error-text]").textContent = text;
      place.hidden = !text;
      place.parentElement.classList.toggle("field--error", Boolean(text));
      if (input) input.setAttribute("aria-invalid", text ? "true" : "false");
    },
    clean: function () {
      this.trouble = "";
      clearTimeout(this.again);
      this.names.forEach(function (name) { this.point(name, ""); }, this);
      return true;
    },
    say: function (kind, text) {
      var line = document.createElement("span");
      line.textContent = text;
      this.state.className = "save-state is-" + kind;
      this.state.setAttribute("role", kind === "failed" ? "alert" : "status");
      if (this.state.textContent.trim() === text) return;
      this.state.replaceChildren(copy("#marks", kind), line);
    },
    // The state of this criterion in the list, and how many have an answer; nothing on a page without such a list.
    mark: function (values, state) {
      var item = document.querySelector('[data-item="' + this.form.dataset.position + '"]');
      if (!item) return;
      var words = item.querySelector("[data-answer-words]");
      var picked = this.form.querySelector("[name=choice]:checked + .level-card__body > .level-card__title"), bar = document.querySelector("[data-progress]");
      item.toggleAttribute("data-answered", Boolean(values.choice));
      item.querySelector("[data-state-chip]").replaceChildren(copy("#marks", state || (values.to_review ? "to_review" : values.choice ? "done" : "in_progress")));
      if (words && picked) words.textContent = picked.textContent.replace("Niveau", "").replace("·", "–").trim();
      var answered = document.querySelectorAll("[data-item][data-answered]").length;
      document.querySelectorAll("[data-answered-count]").forEach(function (place) { place.textContent = answered; });
      if (!bar) return;
      bar.querySelector("progress").value = answered;
      bar.querySelector(".progress-line__text").textContent = answered + " sur " + document.querySelectorAll("[data-item]").length;
    },
  };

  function flush() { if (!leaving) keepers.forEach(function (keeper) { if (!keeper.trouble && !keeper.flight && keeper.dirty()) keeper.save(); }); }
  function retryAll() { keepers.forEach(function (keeper) { keeper.retry(); }); }

  function adopt(form) { if (!form.dataset.kept) { form.dataset.kept = "yes"; keepers.push(new Keeper(form)); } }
  document.querySelectorAll("form[data-answer]").forEach(adopt);
  // What is typed is safe here: a form beside it needs no tab of its own.
  document.querySelectorAll("form[data-own-tab]").forEach(function (form) { form.removeAttribute("target"); });
  document.addEventListener("htmx:load", function (event) { if (event.detail.elt.matches("form[data-answer]")) adopt(event.detail.elt); });
  // In the list of a chapter, a criterion whose text is kept here opens by itself.
  window.addEventListener("load", function () {
    document.querySelectorAll("[data-fill]").forEach(function (fill) { fill.open = fill.open || Boolean(kept(PREFIX + fill.dataset.fill)); });
  });
  document.addEventListener("visibilitychange", function () { if (document.hidden) flush(); else retryAll(); });
  window.addEventListener("pagehide", flush);
  window.addEventListener("online", retryAll);
  window.addEventListener("beforeunload", function (event) {
    flush();
    if (leaving || !keepers.some(function (keeper) { return keeper.trouble && keeper.dirty(); })) return;
    event.preventDefault();
    event.returnValue = ""; // older browsers
  });

  // Nothing of ours stays on this device for the next person.
  document.addEventListener("submit", function (event) {
    if (!event.target.matches('form[action*="deconnexion"]')) return;
    if (keepers.some(function (keeper) { return keeper.trouble && keeper.dirty(); }) && !window.confirm(LEAVING)) return void event.preventDefault();
    leaving = true;
    Object.keys(localStorage).forEach(function (key) { if (key.indexOf(PREFIX) === 0) forget(key); });
  });
})();
