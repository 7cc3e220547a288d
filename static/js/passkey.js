/* A passkey made on the spot signs the fingerprint of the text. Stronger evidence, never asked for. */
(function () {
  "use strict";

  var block = document.querySelector("[data-passkey]");
  if (!block || !window.isSecureContext || !window.PublicKeyCredential || !navigator.credentials) return;
  var kept = document.getElementById(block.dataset.passkey);
  var button = block.querySelector("button");
  var said = block.querySelector("[role=status]");
  var made = null;

  function decoded(text) {
    var plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, function (letter) { return letter.charCodeAt(0); });
  }

  function encoded(buffer) {
    var plain = String.fromCharCode.apply(null, new Uint8Array(buffer));
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  function make() {
    return navigator.credentials.create({ publicKey: {
      challenge: crypto.getRandomValues(new Uint8Array(32)),
      rp: { id: location.hostname, name: "CAP RSE" },
      user: { id: crypto.getRandomValues(new Uint8Array(16)), name: block.dataset.who, displayName: block.dataset.who },
      pubKeyCredParams: [{ type: "public-key", alg: -7 }, { type: "public-key", alg: -8 }, { type: "public-key", alg: -257 }],
      authenticatorSelection: { userVerification: "required", residentKey: "discouraged" },
      attestation: "none"
    } });
  }

  function sign() {
    return navigator.credentials.get({ publicKey: {
      challenge: decoded(block.dataset.challenge),
      rpId: location.hostname,
      allowCredentials: [{ type: "public-key", id: made.rawId }],
      userVerification: "required"
    } });
  }

  button.addEventListener("click", function () {
    said.textContent = "Suivez ce que demande votre appareil.";
    (made ? Promise.resolve(made) : make()).then(function (credential) {
      made = credential;
      return sign();
    }).then(function (assertion) {
      kept.value = JSON.stringify({
        algorithm: made.response.getPublicKeyAlgorithm(),
        credential: encoded(made.rawId),
        public_key: encoded(made.response.getPublicKey()),
        client_data: encoded(assertion.response.clientDataJSON),
        authenticator_data: encoded(assertion.response.authenticatorData),
        signature: encoded(assertion.response.signature)
      });
      said.textContent = "Votre clé d’accès a signé ce texte. Il reste à cocher la case, taper le code et signer.";
    }).catch(function () {
      kept.value = "";
      said.textContent = "Votre clé d’accès n’a rien signé. Recommencez, ou signez sans elle.";
    });
  });
  block.hidden = false;
})();
