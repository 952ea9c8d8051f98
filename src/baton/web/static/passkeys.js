// Passkeys: asks the browser to make one, or to answer with one. The server checks everything; nothing is kept here.
(() => {
  const place = document.querySelector("[data-passkey]");
  if (!place) return;
  const says = place.querySelector("[data-passkey-says]"), press = place.querySelector("[data-passkey-press]");
  const hint = (text) => { const e = place.querySelector("[data-passkey-hint]"); if (e) { e.textContent = text; e.hidden = false; } };
  const say = (text) => { says.textContent = text; says.hidden = !text; };
  if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) {
    press.hidden = true;
    hint("This browser cannot make passkeys for this address. Open Baton at " + place.dataset.origin + " in a newer browser.");
    return;
  }
  if (location.origin !== place.dataset.origin) {
    press.hidden = true;
    hint("Passkeys belong to " + place.dataset.origin + ". Open Baton there to add one.");
    return;
  }
  press.hidden = false;
  const send = async (path, body) => {
    const answer = await fetch(path, {
      method: "POST", headers: { "content-type": "application/json", accept: "application/json", "x-csrf-token": place.dataset.csrf },
      body: JSON.stringify(body ?? {}),
    });
    const told = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Error(told.detail || "This did not work. Try again.");
    return told;
  };
  const ways = {
    add: async () => {
      const options = PublicKeyCredential.parseCreationOptionsFromJSON(await send("/me/passkeys/begin"));
      const credential = await navigator.credentials.create({ publicKey: options });
      return send("/me/passkeys", { credential: credential.toJSON(), name: place.querySelector("[name=passkey-name]").value });
    },
    ask: async () => {
      const options = PublicKeyCredential.parseRequestOptionsFromJSON(await send("/sign-in/passkey/begin"));
      const credential = await navigator.credentials.get({ publicKey: options });
      return send("/sign-in/passkey", { credential: credential.toJSON() });
    },
  };
  press.addEventListener("click", async () => {
    press.disabled = true;
    say("");
    try {
      const done = await ways[place.dataset.passkey]();
      if (place.dataset.passkey === "add") location.reload();
      else location.assign(place.dataset.next || done.next);
    } catch (error) {
      say(error.name === "NotAllowedError" ? "No passkey was used. Try again when you are ready." : error.name === "InvalidStateError" ? "This device has a passkey for your account already." : error.message);
      press.disabled = false;
      press.focus();
    }
  });
})();
