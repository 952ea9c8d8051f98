// What a customer does with their own data: what it may be used for, taking it out, being forgotten. widget.js reads it when settings open.
// As there: text is set by textContent alone, so that nothing a server or a customer writes becomes markup.
const WORDS = {
  en: { data: "Your data", none: "Nothing of yours is kept here yet. Write first: then you can see and change it here.", uses: "What may my words be used for?", always: "always", unknown: "The site has not said who you are, so there is nothing to choose here: write to us if you want to refuse.", noProof: "Off. To turn it on, sign in on the site and open the chat again.", kept: "Kept: {use} is {state}.", on: "on", off: "off", wording: "Wording {version}", takeOut: "Take out my data", takeOutAny: "What is kept of you here, as a zip file with a page to read.", making: "Your file is being made …", made: "Your file is saved as my-data.zip.", forget: "Forget me", forgetSmall: "Choose what: you are asked once more before anything is destroyed.", which: "What shall be forgotten?", one: "This conversation", oneSmall: "Only what was said here, and who served you before.", all: "Everything about me", allSmall: "All {n} of your conversations with us, on every channel.", allOne: "Your one conversation, what you agreed to, and your name here.", allNot: "Only where the site has proved who you are. Sign in there and open the chat again, or ask us.", keep: "Keep everything", sureOne: "This conversation ends now. What was said in it can be read by nobody any more, not even by us, and it cannot be brought back. Who served you before is forgotten too.", sureAll: "This chat ends now. Everything you wrote to us, and what was noted about you, can be read by nobody any more, not even by us, and it cannot be brought back. Next time you are somebody new.", open: "Something that is still open, such as a refund, may have to be told again.", heldOne: "The law obliges us to keep this conversation for now, so it cannot be forgotten yet. Ask us until when, and why.", heldAll: "The law obliges us to keep your records for now. We note that you asked; it is done by itself when that ends.", sure: "Yes, forget it", ask: "Note that I asked", no: "Keep it", working: "Forgetting …", forgotten: "It is forgotten. Nobody can read it any more.", gone: "You are forgotten", goneSmall: "Nobody can read what you wrote any more ({n}).", count1: "1 conversation", count: "{n} conversations", noted: "Your request is noted", number: "Certificate number", numberAsked: "Number of your request", numberSmall: "Write it down: it is the only way to find the proof, since your name leads to nothing now.", numberAskedSmall: "Write it down: with it you can ask us how it stands.", stays: "What stays, and why", ciphertext: "Scrambled text that nobody can read: the key is destroyed, and taking it out would break our log.", facts: "Figures and times without words, under a number that leads to nobody.", erasure: "The note that you were forgotten, as the proof.", heads: "What our software learned from corrected examples, until it is taught anew without yours.", exports: "Copies that were taken out before. We know who has them, and they are to be destroyed.", done: "Done", failed: "That did not work. Nothing was changed." },
  es: { data: "Sus datos", none: "Aquí aún no guardamos nada suyo. Escriba primero: después podrá verlo y cambiarlo aquí.", uses: "¿Para qué se pueden usar mis palabras?", always: "siempre", unknown: "La página no ha dicho quién es usted, así que aquí no hay nada que elegir: escríbanos si quiere negarse.", noProof: "Desactivado. Para activarlo, inicie sesión en la página y abra otra vez el chat.", kept: "Guardado: {use}, {state}.", on: "activado", off: "desactivado", wording: "Texto {version}", takeOut: "Llevarme mis datos", takeOutAny: "Lo que guardamos aquí de usted, en un zip con una página para leer.", making: "Preparando su archivo …", made: "Su archivo se guardó como my-data.zip.", forget: "Olvidarme", forgetSmall: "Elija qué: se lo preguntamos otra vez antes de destruir nada.", which: "¿Qué olvidamos?", one: "Esta conversación", oneSmall: "Solo lo dicho aquí, y quién le atendió antes.", all: "Todo sobre mí", allSmall: "Sus {n} conversaciones con nosotros, en todos los canales.", allOne: "Su única conversación, lo que aceptó y su nombre aquí.", allNot: "Solo si la página ha probado quién es usted. Inicie sesión allí y abra otra vez el chat, o pregúntenos.", keep: "Conservarlo todo", sureOne: "Esta conversación termina ahora. Nadie, ni nosotros, podrá leer lo dicho y no se puede recuperar. También se olvida quién le atendió antes.", sureAll: "Este chat termina ahora. Nadie, ni nosotros, podrá leer lo que nos escribió ni lo que anotamos de usted, y no se puede recuperar. La próxima vez será alguien nuevo.", open: "Lo que siga abierto, como un reembolso, quizá tenga que contarlo de nuevo.", heldOne: "La ley nos obliga a conservar esta conversación por ahora, así que aún no se puede olvidar. Pregúntenos hasta cuándo y por qué.", heldAll: "La ley nos obliga a conservar sus datos por ahora. Anotamos que lo pidió; se hará solo cuando eso termine.", sure: "Sí, olvidarlo", ask: "Anotar que lo pedí", no: "Conservarlo", working: "Olvidando …", forgotten: "Está olvidada. Nadie puede leerla ya.", gone: "Le hemos olvidado", goneSmall: "Nadie puede leer ya lo que escribió ({n}).", count1: "1 conversación", count: "{n} conversaciones", noted: "Su petición está anotada", number: "Número de certificado", numberAsked: "Número de su petición", numberSmall: "Apúntelo: es la única forma de encontrar la prueba, pues su nombre ya no lleva a nada.", numberAskedSmall: "Apúntelo: con él puede preguntarnos cómo va.", stays: "Qué queda, y por qué", ciphertext: "Texto cifrado que nadie puede leer: la clave está destruida, y quitarlo rompería nuestro registro.", facts: "Cifras y horas sin palabras, bajo un número que no lleva a nadie.", erasure: "La nota de que le olvidamos, como prueba.", heads: "Lo que nuestro programa aprendió de ejemplos corregidos, hasta que se le enseñe de nuevo sin los suyos.", exports: "Copias que se sacaron antes. Sabemos quién las tiene, y deben destruirse.", done: "Listo", failed: "No ha funcionado. No se cambió nada." },
  de: { data: "Ihre Daten", none: "Hier ist noch nichts von Ihnen gespeichert. Schreiben Sie zuerst: Dann sehen und ändern Sie es hier.", uses: "Wofür dürfen meine Worte genutzt werden?", always: "immer", unknown: "Die Seite hat nicht gesagt, wer Sie sind; darum gibt es hier nichts zu wählen. Schreiben Sie uns, wenn Sie ablehnen wollen.", noProof: "Aus. Um es einzuschalten, melden Sie sich auf der Seite an und öffnen Sie den Chat neu.", kept: "Gespeichert: {use} ist {state}.", on: "an", off: "aus", wording: "Wortlaut {version}", takeOut: "Meine Daten mitnehmen", takeOutAny: "Was hier von Ihnen gespeichert ist, als Zip mit einer Seite zum Lesen.", making: "Ihre Datei wird erstellt …", made: "Ihre Datei ist als my-data.zip gesichert.", forget: "Vergessen", forgetSmall: "Sie wählen, was: Vor dem Vernichten werden Sie noch einmal gefragt.", which: "Was soll vergessen werden?", one: "Dieses Gespräch", oneSmall: "Nur was hier gesagt wurde, und wer Sie vorher bedient hat.", all: "Alles über mich", allSmall: "Alle {n} Gespräche mit uns, auf jedem Kanal.", allOne: "Ihr einziges Gespräch, Ihre Zustimmungen und Ihr Name hier.", allNot: "Nur wo die Seite bewiesen hat, wer Sie sind. Melden Sie sich dort an und öffnen Sie den Chat neu, oder fragen Sie uns.", keep: "Alles behalten", sureOne: "Dieses Gespräch endet jetzt. Was gesagt wurde, kann niemand mehr lesen, auch wir nicht, und es kommt nicht zurück. Auch wer Sie vorher bedient hat, wird vergessen.", sureAll: "Dieser Chat endet jetzt. Was Sie uns schrieben und was über Sie notiert wurde, kann niemand mehr lesen, auch wir nicht, und es kommt nicht zurück. Das nächste Mal sind Sie jemand Neues.", open: "Was noch offen ist, etwa eine Erstattung, müssen Sie vielleicht neu erzählen.", heldOne: "Das Gesetz verpflichtet uns, dieses Gespräch vorerst zu behalten; es kann noch nicht vergessen werden. Fragen Sie uns, bis wann und warum.", heldAll: "Das Gesetz verpflichtet uns, Ihre Daten vorerst zu behalten. Wir notieren Ihre Bitte; sie wird von selbst erfüllt, wenn das endet.", sure: "Ja, vergessen", ask: "Meine Bitte notieren", no: "Behalten", working: "Wird vergessen …", forgotten: "Es ist vergessen. Niemand kann es mehr lesen.", gone: "Sie sind vergessen", goneSmall: "Niemand kann mehr lesen, was Sie schrieben ({n}).", count1: "1 Gespräch", count: "{n} Gespräche", noted: "Ihre Bitte ist notiert", number: "Nummer der Bescheinigung", numberAsked: "Nummer Ihrer Bitte", numberSmall: "Schreiben Sie sie auf: Nur mit ihr ist der Nachweis zu finden, denn Ihr Name führt zu nichts mehr.", numberAskedSmall: "Schreiben Sie sie auf: Mit ihr können Sie fragen, wie es steht.", stays: "Was bleibt, und warum", ciphertext: "Verschlüsselter Text, den niemand lesen kann: Der Schlüssel ist zerstört, und ihn zu entfernen bräche unser Protokoll.", facts: "Zahlen und Zeiten ohne Worte, unter einer Nummer, die zu niemandem führt.", erasure: "Der Vermerk, dass Sie vergessen wurden, als Nachweis.", heads: "Was unsere Software aus berichtigten Beispielen lernte, bis sie ohne Ihre neu lernt.", exports: "Kopien, die vorher entnommen wurden. Wir wissen, wer sie hat; sie sind zu vernichten.", done: "Fertig", failed: "Das ging nicht. Es wurde nichts geändert." },
};

/** The part of the settings that is about data. `chat` is the widget, `el` makes an element of text and attributes. */
export function privacy(chat, el) {
  const t = (name, given = {}) => (WORDS[chat.language] || WORDS.en)[name].replace(/\{(\w+)\}/g, (_, key) => given[key] ?? "");
  const part = el("section", { class: "set data", "aria-labelledby": "data-h" }), told = el("p", { class: "told", role: "status" });
  const tell = (text, bad = false) => { told.textContent = text; told.classList.toggle("bad", bad); };
  const button = (text, act, kind = "", more = {}) => el("button", { class: `btn ${kind}`.trim(), type: "button", onclick: act, ...more }, text);
  const bare = { known: false, proved: false, conversations: 1, held: false, uses: [] }; // of a server that keeps no agreements
  const standing = () => chat.call("GET", `/my-privacy?language=${chat.language}`).catch((error) => { if (error.status === 404) return bare; throw error; });
  const count = (n) => (n === 1 ? t("count1") : t("count", { n }));
  const head = el("h4", { class: "name", id: "data-h" }, t("data"));
  if (!chat.state.id) { part.append(head, el("small", {}, t("none"))); return part; }
  part.append(head, uses(), takingOut(), forgetting(), told);
  return part;

  // ---- what it may be used for ----
  function uses() {
    const place = el("div", { class: "uses", id: "uses", hidden: true });
    const open = button(t("uses"), async () => {
      const shut = place.hidden;
      if (shut) { try { fill(place, await standing()); tell(""); } catch (error) { return tell(error.message || t("failed"), true); } }
      place.hidden = !shut; open.setAttribute("aria-expanded", String(shut));
    }, "", { "aria-expanded": "false", "aria-controls": "uses" });
    return el("div", { class: "set" }, open, place);
  }
  function fill(place, found) {
    const list = found.uses.map((use) => choice(use, found));
    place.replaceChildren(...(list.length ? [el("fieldset", { class: "set" }, el("legend", { class: "vh" }, t("uses")), ...list)] : []), el("small", {}, found.known ? t("wording", { version: found.uses[0].version }) : t("unknown")));
  }
  function choice(use, found) {
    const id = `use-${use.purpose}`, why = el("small", { class: "why", id: `${id}-why` }, t("noProof")); // described by it while it is shown
    const box = el("input", { type: "checkbox", checked: use.on, "aria-labelledby": id, "aria-describedby": `${id}-words ${why.id}`, onchange: () => change(box.checked) });
    const show = () => { const stuck = found.known && !found.proved && !box.checked && !use.always; box.disabled = use.always || !found.known || stuck; why.textContent = stuck ? t("noProof") : ""; };
    const change = async (given) => {
      box.disabled = true;
      try {
        await chat.call("POST", "/consents", { purpose: use.purpose, given, wording: use.wording, version: use.version });
        tell(t("kept", { use: use.title, state: t(given ? "on" : "off") }));
      } catch (error) { box.checked = !given; tell(error.message || t("failed"), true); }
      show();
      if (!box.disabled) box.focus();
      else if (chat.shadowRoot.activeElement !== box) part.querySelector("[aria-controls='uses']").focus();
    };
    show();
    return el("label", { class: "check" }, box, el("span", {}, el("span", { id }, use.title, use.always ? ` (${t("always")})` : ""), el("small", { id: `${id}-words` }, use.wording), why));
  }

  // ---- taking it out ----
  function takingOut() {
    const out = button(t("takeOut"), async () => {
      out.disabled = true; tell(t("making"));
      try {
        const answer = await fetch(`${chat.base}/api/chat/conversations/${chat.state.id}/my-data`, { headers: { Authorization: `Bearer ${chat.state.token}` } });
        if (!answer.ok) throw new Error((await answer.json().catch(() => ({}))).detail || t("failed"));
        const url = URL.createObjectURL(await answer.blob());
        el("a", { href: url, download: "my-data.zip" }).click();
        setTimeout(() => URL.revokeObjectURL(url), 10000); // a slow disk reads it after the click
        tell(t("made"));
      } catch (error) { tell(error.message || t("failed"), true); }
      out.disabled = false; out.focus();
    }, "", { "aria-describedby": "out-small" });
    return el("div", { class: "set" }, out, el("small", { id: "out-small" }, t("takeOutAny")));
  }

  // ---- being forgotten ----
  function forgetting() {
    const place = el("div", { class: "set forget" });
    const show = (...inside) => { place.replaceChildren(...inside); place.querySelector("button, [tabindex]")?.focus(); };
    const begin = (focus) => {
      const first = button(t("forget"), choose, "bad", { "aria-describedby": "forget-small" });
      place.replaceChildren(first, el("small", { id: "forget-small" }, t("forgetSmall")));
      if (focus) first.focus();
    };
    const back = () => { tell(""); begin(true); };
    async function choose() {
      let found;
      try { found = await standing(); tell(""); } catch (error) { return tell(error.message || t("failed"), true); }
      const all = button(t("all"), () => ask("all", found), "bad", { disabled: !found.proved, "aria-describedby": "all-small" });
      show(el("p", { class: "name", id: "which", tabindex: "-1" }, t("which")), el("div", { class: "set", role: "group", "aria-labelledby": "which" },
        button(t("one"), () => ask("one", found), "bad", { "aria-describedby": "one-small" }), el("small", { id: "one-small" }, t("oneSmall")),
        all, el("small", { id: "all-small" }, !found.proved ? t("allNot") : found.conversations === 1 ? t("allOne") : t("allSmall", { n: found.conversations })), button(t("keep"), back)));
      place.querySelector("#which").focus();
    }
    function ask(what, found) {
      const whole = what === "all", words = found.held ? t(whole ? "heldAll" : "heldOne") : t(whole ? "sureAll" : "sureOne");
      const yes = found.held && !whole ? null : button(t(found.held ? "ask" : "sure"), () => (whole ? everything(yes) : conversation(yes)), "bad");
      show(el("p", { class: "warn", id: "sure", tabindex: "-1" }, words), found.held ? null : el("small", {}, t("open")), el("div", { class: "row", role: "group", "aria-labelledby": "sure" }, ...(yes ? [yes] : []), button(t("no"), back)));
      place.querySelector("#sure").focus();
    }
    async function conversation(yes) {
      yes.disabled = true; tell(t("working"));
      try { await chat.call("DELETE", ""); } catch (error) { yes.disabled = false; return tell(error.message || t("failed"), true); }
      chat.begun(t("forgotten"));
    }
    async function everything(yes) {
      yes.disabled = true; tell(t("working"));
      chat.reading?.abort(); chat.reading = null; // else its end is shown as one more event of a conversation that nobody can read
      let done;
      try { done = await chat.call("POST", "/forget-me"); } catch (error) { yes.disabled = false; chat.follow(); return tell(error.message || t("failed"), true); }
      if (done.state === "erased") chat.begun(""); else chat.follow();
      chat.sheet(t(done.state === "erased" ? "gone" : "noted"), ...proof(done));
    }
    begin(false);
    return place;
  }
  function proof(done) {
    const erased = done.state === "erased", number = done.certificate.split("/").pop();
    return [el("p", {}, erased ? t("goneSmall", { n: count(done.conversations) }) : t("heldAll")),
      el("div", { class: "set" }, el("span", { class: "name" }, t(erased ? "number" : "numberAsked")), el("code", { class: "number" }, number), el("small", {}, t(erased ? "numberSmall" : "numberAskedSmall"))),
      erased ? el("div", { class: "set" }, el("h4", { class: "name" }, t("stays")), el("ul", { class: "stays" }, ...done.remains.filter((each) => each in WORDS.en).map((each) => el("li", {}, t(each))))) : null,
      el("button", { class: "btn main", type: "button", onclick: () => chat.settings() }, t("done"))];
  }
}
