// Passkeys: asks the browser what a form carries as a question, and sends what it answers. Everything else on the
// console works without this file.
"use strict";

(() => {
  const bytes = (text) => {
    const raw = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(raw, (letter) => letter.charCodeAt(0));
  };

  const text = (buffer) => {
    const raw = String.fromCharCode(...new Uint8Array(buffer));
    return btoa(raw).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  };

  const named = (listed) => listed.map((each) => ({ ...each, id: bytes(each.id) }));

  const create = (asked) =>
    navigator.credentials.create({
      publicKey: {
        ...asked,
        challenge: bytes(asked.challenge),
        user: { ...asked.user, id: bytes(asked.user.id) },
        excludeCredentials: named(asked.excludeCredentials),
      },
    });

  const show = (asked) =>
    navigator.credentials.get({
      publicKey: {
        ...asked,
        challenge: bytes(asked.challenge),
        allowCredentials: named(asked.allowCredentials),
      },
    });

  const answered = (credential) => {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[name]) response[name] = text(credential.response[name]);
    }
    return JSON.stringify({
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      response,
      clientExtensionResults: {},
    });
  };

  const prepare = (form) => {
    const ask = form.dataset.passkey === "create" ? create : show;
    const wrong = form.querySelector("[data-wrong]");
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      wrong.hidden = true;
      try {
        form.elements.credential.value = answered(await ask(JSON.parse(form.dataset.question)));
        form.submit();
      } catch {
        // who presses "cancel", or has no such key at hand, may try again or type a code
        wrong.hidden = false;
      }
    });
  };

  if (window.PublicKeyCredential) document.querySelectorAll("form[data-passkey]").forEach(prepare);
})();
