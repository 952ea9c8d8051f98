// <baton-chat src="https://baton.example" brand="Halcyon Air">: the customer's end of a conversation, on any page.
// No dependency, no inline style or script, nothing from a turn ever becomes markup: text is set by textContent alone.
(() => {
  const HERE = document.currentScript ? new URL(document.currentScript.src).origin : location.origin; // a module has no current script: give it `src`
  const WORDS = {
    en: { chat: "Chat with {brand}", ai: "You are chatting with an AI", disclosure: "You are chatting with an AI. A person is always one tap away.", person: "Talk to a person", tap: "one tap, {wait}", tapOnly: "one tap", noone: "nobody is here now: leave a message", joining: "Asking for a person …", line: "You are {place} in line", next: "You are next in line", about: "{wait} · your place is kept", kept: "your place is kept if you leave", nobody: "Nobody can take it now", nobodySmall: "your place is kept, or be called back", with: "{name} is with you", withSmall: "a person, who can read all of the above", hello: "What do you need? Tap a sentence to send it, or the pencil to change it first.", hello0: "What do you need? Write it your way.", write: "Write a message", send: "Send", edit: "Change before sending: {text}", close: "Close chat", settings: "Settings", you: "You", assistant: "AI", rep: "Person", sending: "Sending …", retry: "Not sent yet. It is sent when you are back online.", failed: "Not sent.", again: "Try again", remove: "Remove", source: "Source", hideSource: "Hide source", wrong: "That did not help", wrongText: "That did not help.", joined: "{name} has joined and can read all of it", back: "The AI assistant is with you again", over: "This conversation is over. Write again at any time.", rate: "How was it? 1 is bad, 5 is good", rateOne: "{n} of 5", rated: "You gave {n} of 5. Thank you.", choose: "While you wait", stay: "Stay in line", staySmall: "We tell you here. You may close this and come back.", again: "Do you want to speak to {name} again?", rep_: "Wait for {name}", repSmall: "{within}. If {name} goes home first, we tell you and your place stays.", inTime: "Within {wait} in 8 of 10 cases", anyone: "Whoever is free first", waitsFor: "You wait for {name}", call: "Be called back", callSmall: "At a number or address you give; your place is kept.", keep: "Go on with the AI", keepSmall: "You leave the line; a person stays one tap away.", contact: "Number or e-mail address", ask: "Ask to be called back", calledBack: "We will reach you as you asked. Your place is kept.", called: "We will reach you at {contact}. Your place is kept.", types: "{name} is typing", taken: "The AI took this back before it was final. It does not count.", offline: "No connection. What you write is kept and sent later.", lost: "Connecting again …", size: "Text size", small: "Standard", large: "Large", larger: "Largest", how: "How we write to you", plain: "Plain words", plainSmall: "Short sentences, no special terms. Told to whoever answers.", one: "One question at a time", oneSmall: "Never two questions in one message. Told to whoever answers.", language: "Language", yours: "Your conversation", transcript: "Save transcript", end: "End conversation", done: "Done", unread: "{n} new", now: "now", min: "about {n} min", sec: "less than a minute", over8: "That is longer than 8,000 characters. Send it in parts.", opens: "Open again {when}" },
    es: { chat: "Chat con {brand}", ai: "Está hablando con una IA", disclosure: "Está hablando con una IA. Siempre puede hablar con una persona con un toque.", person: "Hablar con una persona", tap: "un toque, {wait}", tapOnly: "un toque", noone: "ahora no hay nadie: deje un mensaje", joining: "Pidiendo una persona …", line: "Es usted el {place} de la cola", next: "Es usted el siguiente", about: "{wait} · guardamos su turno", kept: "guardamos su turno si se va", nobody: "Nadie puede atenderle ahora", nobodySmall: "guardamos su turno, o pida una llamada", with: "{name} está con usted", withSmall: "una persona, que puede leer todo lo anterior", hello: "¿Qué necesita? Toque una frase para enviarla, o el lápiz para cambiarla antes.", hello0: "¿Qué necesita? Escríbalo a su manera.", write: "Escriba un mensaje", send: "Enviar", edit: "Cambiar antes de enviar: {text}", close: "Cerrar el chat", settings: "Ajustes", you: "Usted", assistant: "IA", rep: "Persona", sending: "Enviando …", retry: "Sin enviar. Se enviará cuando vuelva la conexión.", failed: "No se envió.", again: "Reintentar", remove: "Quitar", source: "Fuente", hideSource: "Ocultar fuente", wrong: "No me ayudó", wrongText: "Eso no me ayudó.", joined: "{name} se ha unido y puede leerlo todo", back: "El asistente de IA está de nuevo con usted", over: "Esta conversación ha terminado. Puede escribir de nuevo cuando quiera.", rate: "¿Qué tal fue? 1 es mal, 5 es bien", rateOne: "{n} de 5", rated: "Ha dado {n} de 5. Gracias.", choose: "Mientras espera", stay: "Seguir en la cola", staySmall: "Le avisamos aquí. Puede cerrar y volver.", again: "¿Quiere hablar de nuevo con {name}?", rep_: "Esperar a {name}", repSmall: "{within}. Si {name} termina antes su turno, le avisamos y conserva su lugar.", inTime: "En {wait}, en 8 de cada 10 casos", anyone: "Quien esté libre primero", waitsFor: "Espera a {name}", call: "Que me llamen", callSmall: "A un número o una dirección; guardamos su turno.", keep: "Seguir con la IA", keepSmall: "Deja la cola; una persona sigue a un toque.", contact: "Número o correo", ask: "Pedir la llamada", calledBack: "Le contactaremos como pidió. Guardamos su turno.", called: "Le contactaremos en {contact}. Guardamos su turno.", types: "{name} está escribiendo", taken: "La IA lo retiró antes de terminar. No cuenta.", offline: "Sin conexión. Lo que escriba se guarda y se envía después.", lost: "Conectando de nuevo …", size: "Tamaño del texto", small: "Normal", large: "Grande", larger: "Muy grande", how: "Cómo le escribimos", plain: "Palabras sencillas", plainSmall: "Frases cortas, sin tecnicismos. Se lo decimos a quien responda.", one: "Una pregunta cada vez", oneSmall: "Nunca dos preguntas en un mensaje. Se lo decimos a quien responda.", language: "Idioma", yours: "Su conversación", transcript: "Guardar la conversación", end: "Terminar", done: "Listo", unread: "{n} nuevos", now: "ahora", min: "unos {n} min", sec: "menos de un minuto", over8: "Supera los 8.000 caracteres. Envíelo por partes.", opens: "Abre de nuevo {when}" },
    de: { chat: "Chat mit {brand}", ai: "Sie schreiben mit einer KI", disclosure: "Sie schreiben mit einer KI. Ein Mensch ist immer einen Tipp entfernt.", person: "Mit einem Menschen sprechen", tap: "ein Tipp, {wait}", tapOnly: "ein Tipp", noone: "zurzeit niemand da: Nachricht hinterlassen", joining: "Ein Mensch wird gerufen …", line: "Sie sind die Nummer {place}", next: "Sie sind als Nächstes dran", about: "{wait} · Ihr Platz bleibt", kept: "Ihr Platz bleibt, auch wenn Sie gehen", nobody: "Zurzeit kann niemand übernehmen", nobodySmall: "Ihr Platz bleibt, oder Rückruf", with: "{name} ist für Sie da", withSmall: "ein Mensch, der alles oben lesen kann", hello: "Worum geht es? Tippen Sie einen Satz an, um ihn zu senden, oder den Stift, um ihn zu ändern.", hello0: "Worum geht es? Schreiben Sie es mit Ihren Worten.", write: "Nachricht schreiben", send: "Senden", edit: "Vor dem Senden ändern: {text}", close: "Chat schließen", settings: "Einstellungen", you: "Sie", assistant: "KI", rep: "Mensch", sending: "Wird gesendet …", retry: "Noch nicht gesendet. Es geht, sobald Sie wieder online sind.", failed: "Nicht gesendet.", again: "Erneut", remove: "Entfernen", source: "Quelle", hideSource: "Quelle schließen", wrong: "Das half nicht", wrongText: "Das hat nicht geholfen.", joined: "{name} ist da und kann alles lesen", back: "Der KI-Assistent ist wieder da", over: "Dieses Gespräch ist beendet. Schreiben Sie jederzeit wieder.", rate: "Wie war es? 1 ist schlecht, 5 ist gut", rateOne: "{n} von 5", rated: "Sie gaben {n} von 5. Danke.", choose: "Während Sie warten", stay: "In der Schlange bleiben", staySmall: "Wir sagen es Ihnen hier. Sie können schließen und wiederkommen.", again: "Möchten Sie wieder mit {name} sprechen?", rep_: "Auf {name} warten", repSmall: "{within}. Geht {name} vorher, sagen wir es Ihnen, und Ihr Platz bleibt.", inTime: "In 8 von 10 Fällen binnen {wait}", anyone: "Wer zuerst frei ist", waitsFor: "Sie warten auf {name}", call: "Rückruf", callSmall: "Unter Ihrer Nummer oder Adresse; Ihr Platz bleibt.", keep: "Mit der KI weiter", keepSmall: "Sie verlassen die Schlange; ein Mensch bleibt einen Tipp entfernt.", contact: "Nummer oder E-Mail-Adresse", ask: "Rückruf erbitten", calledBack: "Wir melden uns wie gewünscht. Ihr Platz bleibt.", called: "Wir melden uns unter {contact}. Ihr Platz bleibt.", types: "{name} schreibt", taken: "Die KI hat das zurückgezogen, bevor es fertig war. Es gilt nicht.", offline: "Keine Verbindung. Was Sie schreiben, wird später gesendet.", lost: "Verbindung wird hergestellt …", size: "Schriftgröße", small: "Normal", large: "Groß", larger: "Sehr groß", how: "Wie wir Ihnen schreiben", plain: "Einfache Worte", plainSmall: "Kurze Sätze, keine Fachwörter. Wer antwortet, erfährt es.", one: "Eine Frage auf einmal", oneSmall: "Nie zwei Fragen in einer Nachricht. Wer antwortet, erfährt es.", language: "Sprache", yours: "Ihr Gespräch", transcript: "Verlauf sichern", end: "Gespräch beenden", done: "Fertig", unread: "{n} neu", now: "jetzt", min: "etwa {n} Min.", sec: "unter einer Minute", over8: "Das ist länger als 8.000 Zeichen. Senden Sie es in Teilen.", opens: "Wieder da {when}" },
  };
  const NAMES = { en: "English", es: "Español", de: "Deutsch" };
  const PATHS = {
    agent: "M5 5h6a2.5 2.5 0 012.500 2.500v3.500a2.500 2.500 0 01-2.500 2.500H5a2.500 2.500 0 01-2.500-2.500V7.500A2.500 2.500 0 015 5zM8 5V2.500M6 8.500v1.500M10 8.500v1.500",
    person: "M8 2.400a2.800 2.800 0 110 5.600 2.800 2.800 0 010-5.600zM2.700 13.800c.6-2.800 2.700-4.300 5.300-4.300s4.700 1.500 5.300 4.300", chat: "M2 4.500A1.500 1.500 0 013.500 3h9A1.500 1.500 0 0114 4.500v5a1.500 1.500 0 01-1.500 1.500H7l-3 2.500V11h-.5A1.500 1.500 0 012 9.500z",
    gear: "M2 4.500h5M11 4.500h3M2 11.500h3M9 11.500h5M9 2.500a2 2 0 110 4 2 2 0 010-4zM7 9.500a2 2 0 110 4 2 2 0 010-4z", close: "M4 4l8 8M12 4l-8 8", send: "M8 13.200V3M3.800 7.200L8 3l4.200 4.200", edit: "M10.700 2.800l2.500 2.500L5.500 13l-3.200.7.7-3.200zM9 4.500L11.500 7",
    right: "M6.200 3.800L10.400 8l-4.200 4.200", ok: "M8 1.800a6.200 6.200 0 110 12.400A6.200 6.200 0 018 1.800zM5.200 8.200l2 2 3.600-4.200", clock: "M8 1.800a6.200 6.200 0 110 12.400A6.200 6.200 0 018 1.800zM8 4.500V8l2.400 1.500", phone: "M3.500 2h2.300l1.200 3-1.500 1.300a8 8 0 004.200 4.200L11 9l3 1.200v2.300a1.500 1.500 0 01-1.500 1.500A10.500 10.500 0 012 3.500 1.500 1.500 0 013.500 2z",
  };
  const MOST = 8000;
  const wait = (ms) => new Promise((go) => setTimeout(go, ms));
  const nonce = () => [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");

  /** An element: text and attributes only, so that nothing a customer or a model writes is ever read as HTML. */
  function el(name, given = {}, ...inside) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(given)) {
      if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
      else if (key in { value: 1, checked: 1, hidden: 1, disabled: 1 }) made[key] = value;
      else if (value !== null && value !== undefined && value !== false) made.setAttribute(key, value === true ? "" : value);
    }
    made.append(...inside.filter((part) => part !== null && part !== undefined && part !== false));
    return made;
  }
  function icon(name) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg"), path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    svg.setAttribute("viewBox", "0 0 16 16"); svg.setAttribute("aria-hidden", "true"); path.setAttribute("d", PATHS[name]);
    svg.append(path);
    return svg;
  }

  class BatonChat extends HTMLElement {
    async connectedCallback() {
      if (this.shadowRoot) return;
      this.base = (this.getAttribute("src") || HERE).replace(/\/$/, "");
      this.kept = `baton:${this.base}`;
      this.state = { id: "", token: "", unsent: [], open: false, prefs: {}, ...this.load() };
      this.turns = new Map(); this.last = 0; this.holder = { kind: "agent", name: "" }; this.line = null; this.unread = 0; this.about = {}; this.others = {}; this.partial = null; this.past = new Set();
      const root = this.attachShadow({ mode: "open" }), sheet = new CSSStyleSheet();
      try { sheet.replaceSync(await (await fetch(`${this.base}/chat/widget.css`)).text()); } catch { return this.shadowRoot && root.append(document.createElement("slot")); }
      root.adoptedStyleSheets = [sheet];
      this.draw();
      addEventListener("online", () => this.flush());
      addEventListener("storage", (e) => { if (e.key === this.kept && !e.newValue) location.reload(); });
      if (this.hasAttribute("page") || this.state.open || this.hasAttribute("open")) this.open(false);
      else if (this.state.id) this.follow();
    }
    disconnectedCallback() { this.reading?.abort(); }

    load() { try { return JSON.parse(localStorage.getItem(this.kept)) || {}; } catch { return {}; } }
    save() { try { localStorage.setItem(this.kept, JSON.stringify(this.state)); } catch { /* a page without storage: it lasts as long as the page */ } }
    get language() { const asked = this.state.prefs.language || this.getAttribute("language") || navigator.language; return WORDS[asked.slice(0, 2)] ? asked.slice(0, 2) : "en"; }
    t(name, given = {}) { return WORDS[this.language][name].replace(/\{(\w+)\}/g, (_, key) => given[key] ?? ""); }
    /** The reader's own region where it fits the language, for how dates and times look. */
    get locale() { return navigator.languages.find((l) => l.startsWith(this.language)) || this.language; }
    time(at) { return new Intl.DateTimeFormat(this.locale, { hour: "2-digit", minute: "2-digit" }).format(at ? new Date(at) : new Date()); }
    waits(seconds) { return seconds < 15 ? this.t("now") : seconds < 60 ? this.t("sec") : this.t("min", { n: Math.round(seconds / 60) }); }

    // ---- drawing ----
    draw() {
      const t = this.t.bind(this), brand = this.getAttribute("brand") || this.about.brand || "";
      const part = (name, made) => (this[`$${name}`] = made);
      this.$draft = this.$input?.value || ""; this.$sheet = null;
      this.shadowRoot.replaceChildren(
        part("launch", el("button", { class: "launch", type: "button", part: "launcher", "aria-label": t("chat", { brand }), onclick: () => this.open(true) }, icon("chat"), part("new", el("span", { class: "new", hidden: true })))),
        part("panel", el("section", { class: "panel", part: "panel", role: "dialog", "aria-label": t("chat", { brand }), lang: this.language, hidden: true },
          el("header", { class: "head" }, part("face", el("span", { class: "face" }, icon("agent"))), el("div", {}, part("title", el("h2")), part("sub", el("p"))),
            part("gear", el("button", { class: "icon", type: "button", "aria-label": t("settings"), "aria-expanded": "false", onclick: () => this.settings() }, icon("gear"))),
            this.hasAttribute("page") ? null : el("button", { class: "icon", type: "button", "aria-label": t("close"), onclick: () => this.close() }, icon("close"))),
          part("person", el("button", { class: "person", type: "button", onclick: () => this.askPerson() })),
          part("body", el("div", { class: "body", tabindex: "0", role: "group", "aria-label": t("yours") }, part("hello", el("div", { class: "hello" })), part("log", el("div", { class: "log", role: "log", "aria-live": "polite", "aria-relevant": "additions" })), part("partial", el("div", { class: "turn agent still", hidden: true, "aria-hidden": "true" })), part("typing", el("div", { class: "turn", hidden: true, "aria-hidden": "true" }, el("span", { class: "say-box dots" }, el("i"), el("i"), el("i")))), part("choices", el("div", { class: "choices", hidden: true })))),
          el("footer", { class: "foot" },
            el("form", { onsubmit: (e) => { e.preventDefault(); this.submit(); } }, el("label", { class: "vh", for: "text" }, t("write")),
              part("input", el("textarea", { class: "input", id: "text", rows: "1", placeholder: t("write"), enterkeyhint: "send", autocomplete: "off", value: this.$draft, onkeydown: (e) => this.key(e), oninput: () => this.typed() })),
              el("button", { class: "btn main", "aria-label": t("send") }, icon("send"))),
            part("note", el("p", { class: "note", role: "status" }))))));
      this.$panel.addEventListener("keydown", (e) => { if (e.key === "Escape") this.$sheet ? this.settings() : this.close(); });
      this.style.setProperty("--k", { large: "1.15", larger: "1.35" }[this.state.prefs.size] || "1");
      for (const turn of this.turns.values()) this.$log.append(turn.node = turn.redraw());
      this.state.unsent.forEach((said) => this.bubble(said));
      this.drawPartial();
      this.show();
    }
    /** Everything that depends on who holds the conversation: header, person button, choices. */
    show() {
      if (!this.$panel) return;
      const t = this.t.bind(this), isRep = this.holder.kind === "rep", name = this.holder.name || t("rep"), assistant = this.getAttribute("assistant") || this.about.assistant || t("assistant");
      this.$face.className = `face${isRep ? " rep" : ""}`;
      this.$face.replaceChildren(isRep ? name.split(/\s+/).map((w) => w[0]).slice(0, 2).join("") : icon("agent"));
      this.$title.textContent = isRep ? name : assistant;
      this.$sub.textContent = isRep ? t("rep") : t("ai");
      const [main, small, enabled] = this.personWords(name);
      this.$person.replaceChildren(icon("person"), el("span", {}, main, small ? el("small", {}, small) : ""), enabled ? icon("right") : "");
      if (enabled) this.$person.lastElementChild.classList.add("go");
      this.$person.setAttribute("aria-disabled", String(!enabled));
      this.$hello.hidden = Boolean(this.turns.size || this.state.unsent.length);
      if (!this.$hello.hidden) this.greet();
      this.choose();
      if (!navigator.onLine) this.note(t("offline"), true);
    }
    personWords(name) {
      const t = this.t.bind(this), line = this.line;
      if (this.holder.kind === "rep") return [t("with", { name }), t("withSmall"), false];
      if (this.asking) return [t("joining"), "", false];
      if (this.holder.kind === "queue") {
        if (this.pick?.chosen === "rep" && this.pick.name) return [t("waitsFor", { name: this.pick.name }), t("about", { wait: this.waits(this.pick.wait_s) }), true];
        if (line?.nobody) return [t("nobody"), line.opens_ms ? t("opens", { when: new Intl.DateTimeFormat(this.locale, { weekday: "long", hour: "2-digit", minute: "2-digit" }).format(new Date(line.opens_ms)) }) : t("nobodySmall"), true];
        const ordinal = this.language === "en" && line ? `${line.place}${["th", "st", "nd", "rd"][line.place % 100 > 10 && line.place % 100 < 14 ? 0 : line.place % 10] || "th"}` : `${line?.place ?? ""}.`;
        return [!line ? t("joining") : line.place === 1 ? t("next") : t("line", { place: ordinal }), line?.wait_s ? t("about", { wait: this.waits(line.wait_s) }) : t("kept"), true];
      }
      if (this.about.nobody) return [t("person"), t("noone"), true];
      return [t("person"), this.about.person_wait_s ? t("tap", { wait: this.waits(this.about.person_wait_s) }) : t("tapOnly"), true];
    }
    greet() {
      const openers = this.about.openers || [];
      this.$hello.replaceChildren(...(this.about.notice ? [el("p", { class: "notice" }, this.about.notice)] : []), el("p", {}, this.about.disclosure ? this.t("disclosure") : ""), el("p", {}, this.t(openers.length ? "hello" : "hello0")), openers.length ? el("ul", { class: "openers" }, ...openers.map((text) => el("li", {},
        el("button", { class: "say", type: "button", onclick: () => this.send(text) }, text),
        el("button", { class: "edit", type: "button", "aria-label": this.t("edit", { text }), onclick: () => { this.$input.value = text; this.$input.focus(); } }, icon("edit"))))) : "");
    }
    /** While the customer waits: the rep of last time, whoever is free first, be called back, or go on with the AI. */
    choose() {
      this.$choices.hidden = this.holder.kind !== "queue";
      if (this.$choices.hidden) return (this.choice = "");
      if (this.shadowRoot.activeElement?.name === "contact") return; // never touch what is being typed
      const focused = [...this.$choices.querySelectorAll("button")].indexOf(this.shadowRoot.activeElement);
      const t = this.t.bind(this), pick = this.pick?.name ? this.pick : null, now = this.choice || (this.state.called ? "call" : pick?.chosen === "rep" ? "rep" : "stay");
      const option = (key, icon_, act, label = t(key), small = t(`${key}Small`), seconds = 0) => el("button", { type: "button", "aria-pressed": String(now === key), onclick: act }, icon(icon_), el("b", {}, label), el("span", { class: "t" }, seconds ? this.waits(seconds) : ""), el("small", {}, small));
      const rep = pick && option("rep", "person", () => this.waitFor("rep"), t("rep_", { name: pick.name }), t("repSmall", { name: pick.name, within: t("inTime", { wait: this.waits(pick.within_s) }) }), pick.wait_s);
      const stay = option("stay", "clock", () => { this.choice = "stay"; if (pick?.chosen === "rep") this.waitFor("anyone"); else this.choose(); }, pick ? t("anyone") : t("stay"), t("staySmall"), pick ? pick.anyone_s : this.line?.wait_s);
      const form = this.choice === "call" && !this.state.called ? el("form", { class: "call", onsubmit: (e) => { e.preventDefault(); this.callBack(e.target.elements.contact.value); } }, el("label", { class: "field" }, t("contact"), el("input", { class: "input", name: "contact", required: true, minlength: "3", maxlength: "200", autocomplete: "tel" })), el("button", { class: "btn main" }, t("ask"))) : null;
      this.$choices.replaceChildren(el("p", { tabindex: "-1" }, this.called ? t("called", { contact: this.called }) : this.state.called ? t("calledBack") : pick ? t("again", { name: pick.name }) : t("choose")), ...(rep ? [rep] : []), stay, option("call", "phone", () => { this.choice = "call"; this.choose(); this.$choices.querySelector("input")?.focus(); this.toEnd(); }), ...(form ? [form] : []), option("keep", "agent", () => this.keepAgent()));
      if (focused >= 0) this.$choices.querySelectorAll(":scope > button")[Math.min(focused, rep ? 3 : 2)].focus();
    }
    note(text, bad = false) { this.$note.textContent = text; this.$note.classList.toggle("bad", bad); }
    toEnd() { requestAnimationFrame(() => { this.$body.scrollTop = this.$body.scrollHeight; }); }

    // ---- opening, closing ----
    open(focus) {
      this.$panel.hidden = false; this.$launch.hidden = true; this.state.open = true; this.unread = 0; this.setAttribute("open", ""); this.save();
      this.shadowRoot.host.style.setProperty("--under", `${this.$panel.querySelector(".head").offsetHeight}px`);
      if (focus) this.$input.focus();
      this.learn();
      if (this.state.id && !this.reading) this.follow();
      this.flush();
      this.toEnd();
    }
    close() {
      if (this.hasAttribute("page")) return;
      this.$panel.hidden = true; this.$launch.hidden = false; this.$new.hidden = true; this.state.open = false; this.removeAttribute("open"); this.save();
      this.$launch.focus();
    }
    async learn() {
      try { this.about = await (await fetch(`${this.base}/api/chat/openers`)).json(); this.show(); } catch { this.note(this.t("offline"), true); }
    }

    // ---- talking to the server ----
    async call(method, path, body) {
      const headers = { Authorization: `Bearer ${this.state.token}`, ...(body ? { "Content-Type": "application/json" } : {}) };
      const answer = await fetch(`${this.base}/api/chat/conversations/${this.state.id}${path}`, { method, headers, body: body && JSON.stringify(body) });
      if (answer.ok) return answer.json();
      const problem = await answer.json().catch(() => ({ detail: answer.statusText }));
      throw Object.assign(new Error(problem.detail), { status: answer.status });
    }
    begin() {
      this.beginning ??= (async () => {
        const body = { language: this.language, channel: "chat", customer: this.getAttribute("customer") || undefined, identity: this.getAttribute("identity") || undefined, queue: this.getAttribute("queue") || undefined };
        const answer = await fetch(`${this.base}/api/chat/conversations`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
        if (!answer.ok) throw Object.assign(new Error((await answer.json()).detail), { status: answer.status });
        Object.assign(this.state, await answer.json()); this.save();
        if (this.state.prefs.plain || this.state.prefs.one) await this.tellPrefs();
        this.follow();
      })().finally(() => { this.beginning = null; });
      return this.beginning;
    }
    /** Everything said, from the last event seen, over a connection that may break as often as it likes. */
    async follow() {
      this.reading?.abort();
      const own = (this.reading = new AbortController());
      for (let tries = 0; !own.signal.aborted; tries++) {
        try {
          const headers = { Authorization: `Bearer ${this.state.token}`, ...(this.last ? { "Last-Event-ID": String(this.last) } : {}) };
          const answer = await fetch(`${this.base}/api/chat/conversations/${this.state.id}/events`, { headers, signal: own.signal, cache: "no-store" });
          if (answer.status === 404 || answer.status === 401) return this.reset();
          if (!answer.ok) throw new Error(answer.status);
          tries = 0; this.note("");
          for (let rest = "", pieces = answer.body.pipeThrough(new TextDecoderStream()).getReader(); ; ) {
            const { value, done } = await pieces.read();
            if (done) break;
            const blocks = (rest + value).split("\n\n");
            rest = blocks.pop();
            for (const block of blocks) this.take(block);
          }
        } catch { if (own.signal.aborted) return; }
        if (tries > 0) this.note(navigator.onLine ? this.t("lost") : this.t("offline"), !navigator.onLine);
        await wait(Math.min(20000, 300 * 2 ** Math.min(tries, 6)) * (0.6 + Math.random() * 0.4));
      }
    }
    take(block) {
      const event = {};
      for (const line of block.split("\n")) { const at = line.indexOf(": "); if (at > 0) event[line.slice(0, at)] = line.slice(at + 2); }
      if (!event.event) return;
      const data = JSON.parse(event.data);
      if (event.id) { if (Number(event.id) <= this.last) return; this.last = Number(event.id); }
      ({ turn: () => this.heard(data), holder: () => this.held(data), joined: () => { this.others[data.by] = data.name; }, waiting: () => { this.line = data; this.show(); }, choice: () => { this.pick = data; this.show(); }, card: () => { this.card = data; }, typing: () => this.types(data), partial: () => this.writes(data), ended: () => { this.takeBack(); this.over(data.position); } })[event.event]?.();
    }
    /** The conversation is gone or the token is not its own: begin anew, and keep what was not sent. */
    reset() { this.reading?.abort(); this.reading = null; Object.assign(this.state, { id: "", token: "" }); this.save(); this.turns.clear(); this.partial = null; this.last = 0; this.holder = { kind: "agent", name: "" }; this.line = null; this.pick = null; this.called = ""; this.state.called = false; this.draw(); if (this.state.open) this.$panel.hidden = false, this.$launch.hidden = true; this.flush(); }

    // ---- what comes ----
    get atEnd() { return this.$body.scrollHeight - this.$body.scrollTop - this.$body.clientHeight < 80; }
    heard(turn) {
      const atEnd = this.atEnd, begun = this.partial && turn.role === "agent" && turn.text.startsWith(this.partial.text);
      if (begun) { this.past.add(this.partial.thought); this.partial = null; this.drawPartial(); } else this.takeBack();
      if (turn.nonce) { this.state.unsent = this.state.unsent.filter((s) => s.nonce !== turn.nonce); this.save(); this.$log.querySelector(`[data-nonce="${CSS.escape(turn.nonce)}"]`)?.remove(); }
      const card = this.card?.position === turn.position ? this.card.card : null;
      const kept = { redraw: () => this.turn(turn, card) };
      this.turns.set(turn.position, kept);
      this.$log.querySelectorAll(".wrong, .card").forEach((e) => e.remove());
      this.$log.append((kept.node = kept.redraw()));
      if (begun) kept.node.classList.add("still");
      if (turn.role !== "customer") this.$typing.hidden = true;
      if (this.$panel.hidden && turn.role !== "customer") this.badge();
      this.$hello.hidden = true;
      if (atEnd || turn.role === "customer") this.toEnd();
    }
    badge() { this.unread += 1; this.$new.hidden = false; this.$new.textContent = String(this.unread); this.$launch.setAttribute("aria-label", `${this.t("chat", { brand: this.getAttribute("brand") || "" })}, ${this.t("unread", { n: this.unread })}`); }
    held(holder) {
      const before = this.holder;
      this.takeBack();
      this.holder = holder; this.asking = false;
      if (holder.kind !== "queue") { this.line = null; this.pick = null; this.called = ""; this.choice = ""; if (this.state.called) { this.state.called = false; this.save(); } }
      const said = holder.kind === "rep" ? "joined" : holder.kind === "agent" && before.kind !== "agent" ? "back" : "";
      if (said) this.mark(this.t(said, { name: holder.name || this.t("rep") }), holder.position);
      this.$typing.hidden = true;
      this.show();
      if (holder.kind === "queue") this.toEnd();
    }
    types(data) {
      if (!data.on || (this.partial && data.role === "agent")) return (this.$typing.hidden = true);
      this.$typing.hidden = false; this.$typing.className = `turn ${data.role}`; this.toEnd();
      clearTimeout(this.typingOff); this.typingOff = setTimeout(() => { this.$typing.hidden = true; }, 6000);
    }
    /** What the AI has written so far: whole sentences that were judged, all of them each time. The turn follows, or it is taken back. */
    writes({ thought, text }) {
      if (this.past.has(thought)) return;
      if (!text || (this.partial && !(this.partial.thought === thought && text.startsWith(this.partial.text)))) this.takeBack();
      if (!text || this.past.has(thought)) return;
      const atEnd = this.atEnd;
      this.partial = { thought, text }; this.drawPartial(); this.$typing.hidden = true; this.$hello.hidden = true;
      if (atEnd) this.toEnd();
      clearTimeout(this.partialOff); this.partialOff = setTimeout(() => { if (this.partial?.thought === thought) this.takeBack(); }, 60000);
    }
    /** Not read out: whoever listens hears the turn once, when it is final. */
    drawPartial() {
      this.$partial.hidden = !this.partial;
      this.$partial.replaceChildren(...(this.partial ? [el("p", { class: "by" }, el("span", { class: "badge" }, icon("agent"), this.t("assistant"))), el("div", { class: "say-box", dir: "auto" }, this.partial.text, el("span", { class: "going" }, el("i"), el("i"), el("i")))] : []));
    }
    takeBack() {
      if (!this.partial) return;
      const { thought, text } = this.partial;
      this.past.add(thought); this.partial = null; this.drawPartial();
      const redraw = () => el("div", { class: "turn agent taken" }, el("s", { class: "say-box", dir: "auto", "aria-hidden": "true" }, text), el("p", { class: "state" }, this.t("taken"))), kept = { redraw, node: redraw() };
      this.turns.set(`taken ${thought}`, kept); this.$log.append(kept.node);
    }
    over(at) {
      const redraw = () => el("div", {}, el("p", { class: "line" }, el("span", {}, this.t("over"))), this.rating()), kept = { redraw, node: redraw() };
      this.turns.set(at, kept); this.$log.append(kept.node);
    }
    rating() {
      const place = el("p", { class: "rate", role: "group", "aria-label": this.t("rate") }, el("span", {}, this.t("rate")));
      const give = async (score) => {
        try { await this.call("POST", "/rating", { scale: "csat", score }); place.replaceChildren(el("span", { role: "status" }, this.t("rated", { n: score }))); } catch (error) { this.note(error.message, true); }
      };
      place.append(...[1, 2, 3, 4, 5].map((score) => el("button", { class: "link", type: "button", "aria-label": this.t("rateOne", { n: score }), onclick: () => give(score) }, String(score))));
      return place;
    }
    mark(text, at) { const redraw = () => el("p", { class: "line" }, el("span", {}, text)), kept = { redraw, node: redraw() }; this.turns.set(at, kept); this.$log.append(kept.node); }
    turn(turn, card) {
      const t = this.t.bind(this), time = el("time", {}, this.time(turn.at_ms)), box = el("div", { class: "say-box", dir: "auto" }, turn.text);
      if (turn.role === "customer") return el("article", { class: "turn mine" }, el("span", { class: "vh" }, t("you")), box, el("span", { class: "state" }, time));
      if (turn.role === "system") return el("p", { class: "notice" }, turn.text);
      const isRep = turn.role === "rep", who = isRep ? el("span", { class: "badge rep" }, icon("person"), this.others[turn.by] ? this.others[turn.by] : this.holder.kind === "rep" && this.holder.name ? this.holder.name : t("rep")) : el("span", { class: "badge" }, icon("agent"), t("assistant"));
      const after = isRep ? null : el("div", { class: "after" }, ...(turn.cites || []).map((cite, n) => this.source(cite, n, turn.cites.length)), this.holder.kind === "agent" && !card ? el("button", { class: "link wrong", type: "button", onclick: () => this.send(t("wrongText")) }, t("wrong")) : null);
      return el("article", { class: `turn ${turn.role}`, ...(isRep ? {} : { "data-ai-generated": "true" }) }, el("p", { class: "by" }, who, time), box, after, card ? this.cardOf(card) : null);
    }
    source(cite, n, count) {
      const button = el("button", { class: "link", type: "button", "aria-expanded": "false", onclick: async () => {
        const after = button.closest(".turn"), open = after.querySelector(`[data-cite="${CSS.escape(cite)}"]`);
        button.setAttribute("aria-expanded", String(!open));
        if (open) return open.remove();
        const found = await (await fetch(`${this.base}/api/chat/passages/${encodeURIComponent(cite)}`)).json();
        after.append(el("div", { class: "source", "data-cite": cite }, el("b", {}, [found.title, found.section].filter(Boolean).join(" · ")), found.text || found.detail));
      } }, count > 1 ? `${this.t("source")} ${n + 1}` : this.t("source"));
      return button;
    }
    /** What can be tapped instead of typed: {title, options: [{label, detail, text}]}. */
    cardOf(card) {
      return el("div", { class: "choices card", role: "group", "aria-label": card.title || "" }, card.title ? el("p", {}, card.title) : null, ...(card.options || []).map((option) =>
        el("button", { type: "button", onclick: () => this.send(option.text || option.label) }, icon("right"), el("b", {}, option.label), el("span", { class: "t" }, option.value || ""), option.detail ? el("small", {}, option.detail) : null)));
    }

    // ---- what goes ----
    key(e) { if (e.key === "Enter" && !e.shiftKey && !e.isComposing) { e.preventDefault(); this.submit(); } }
    typed() {
      this.note(this.$input.value.length > MOST ? this.t("over8") : "", true);
      if (this.state.id && this.holder.kind === "rep" && !(this.toldTyping > Date.now() - 3000)) { this.toldTyping = Date.now(); this.call("POST", "/typing", { on: true }).catch(() => {}); }
    }
    submit() {
      const text = this.$input.value;
      if (!text.trim() || text.length > MOST) return;
      this.$input.value = ""; this.send(text);
    }
    send(text) {
      const said = { text, nonce: nonce() };
      this.state.unsent.push(said); this.save(); this.bubble(said);
      this.$hello.hidden = true; this.note(""); this.toEnd();
      this.$input.focus({ preventScroll: true });
      this.flush();
    }
    bubble(said) {
      const state = el("span", { class: "state" }, this.t("sending"));
      this.$log.append(el("article", { class: "turn mine pending", "data-nonce": said.nonce }, el("span", { class: "vh" }, this.t("you")), el("div", { class: "say-box", dir: "auto" }, said.text), state));
    }
    /** Send what was not sent, in order, each under its own nonce, so that sending it again is harmless. */
    async flush() {
      if (this.flushing || !this.state.unsent.length) return;
      this.flushing = true;
      for (let tries = 0; this.state.unsent.length; ) {
        const said = this.state.unsent.find((s) => !s.failed);
        if (!said) break;
        try {
          if (!this.state.id) await this.begin();
          const { position } = await this.call("POST", "/turns", { text: said.text, nonce: said.nonce });
          this.state.unsent = this.state.unsent.filter((s) => s !== said); this.save(); tries = 0;
          this.$log.querySelector(`[data-nonce="${CSS.escape(said.nonce)}"]`)?.classList.remove("pending");
          if (this.holder.kind === "agent" && this.last <= position) this.types({ on: true, role: "agent" });
        } catch (error) {
          if (error.status === 404 || error.status === 401) { this.reset(); continue; }
          if (error.status && error.status !== 429 && error.status < 500) { said.failed = true; this.failed(said, error.message); continue; }
          this.waitsFor(said); tries += 1;
          await wait(Math.min(15000, 500 * 2 ** Math.min(tries, 5)));
        }
      }
      this.flushing = false;
    }
    waitsFor(said) { const node = this.$log.querySelector(`[data-nonce="${CSS.escape(said.nonce)}"] .state`); if (node) node.textContent = this.t("retry"); }
    failed(said, why) {
      const node = this.$log.querySelector(`[data-nonce="${CSS.escape(said.nonce)}"]`), drop = () => { this.state.unsent = this.state.unsent.filter((s) => s !== said); this.save(); node.remove(); };
      node.classList.add("failed");
      node.querySelector(".state").replaceChildren(el("span", {}, why), el("button", { class: "link", type: "button", onclick: () => { drop(); this.$input.value = said.text; this.$input.focus(); } }, this.t("again")), el("button", { class: "link", type: "button", onclick: drop }, this.t("remove")));
    }
    async askPerson() {
      if (this.holder.kind === "queue") { this.$choices.scrollIntoView({ block: "end" }); return this.$choices.querySelector("button").focus(); }
      if (this.holder.kind === "rep" || this.asking) return;
      this.asking = true; this.show();
      try { if (!this.state.id) await this.begin(); const asked = await this.call("POST", "/person"); if (asked.place) this.line = asked; } catch (error) { this.note(error.status ? error.message : this.t("offline"), true); }
      this.asking = false; this.show();
    }
    async waitFor(whom) { this.choice = ""; try { await this.call("POST", "/choice", { whom }); if (this.pick) this.pick.chosen = whom; } catch (error) { this.note(error.message, true); } this.show(); }
    async keepAgent() { this.choice = ""; try { await this.call("POST", "/agent"); } catch (error) { this.note(error.message, true); } }
    async callBack(contact) { try { await this.call("POST", "/callback", { contact }); this.called = contact; this.state.called = true; this.save(); this.$body.focus(); } catch (error) { this.note(error.message, true); } this.choose(); this.$choices.querySelector("p").focus(); }

    // ---- settings ----
    settings() {
      if (this.$sheet) { this.$sheet.remove(); this.$sheet = null; this.$gear.setAttribute("aria-expanded", "false"); return this.$gear.focus(); }
      const t = this.t.bind(this), prefs = this.state.prefs;
      const size = (key, value) => el("label", {}, el("input", { type: "radio", name: "size", value, checked: (prefs.size || "small") === value, onchange: () => this.prefer({ size: value }) }), t(key));
      const check = (key, name) => el("label", { class: "check" }, el("input", { type: "checkbox", checked: Boolean(prefs[name]), onchange: (e) => this.prefer({ [name]: e.target.checked }) }), el("span", {}, t(key), el("small", {}, t(`${key}Small`))));
      const data = el("div", { class: "set" });
      this.sheet(t("settings"),
        el("fieldset", { class: "set" }, el("legend", {}, t("size")), el("div", { class: "sizes" }, size("small", "small"), size("large", "large"), size("larger", "larger"))),
        el("fieldset", { class: "set" }, el("legend", {}, t("how")), check("plain", "plain"), check("one", "one")),
        el("label", { class: "set" }, el("span", { class: "name" }, t("language")), el("select", { class: "input", onchange: (e) => this.prefer({ language: e.target.value }, true) }, ...Object.entries(NAMES).map(([code, name]) => Object.assign(el("option", { value: code, lang: code }, name), { selected: code === this.language })))),
        el("div", { class: "set" }, el("span", { class: "name" }, t("yours")), el("div", { class: "row" }, el("button", { class: "btn", type: "button", disabled: !this.state.id, onclick: () => this.transcript() }, t("transcript")), el("button", { class: "btn", type: "button", disabled: !this.state.id, onclick: () => this.end() }, t("end")))),
        data, el("button", { class: "btn main", type: "button", onclick: () => this.settings() }, t("done")));
      import(`${this.base}/chat/privacy.js`).then(({ privacy }) => data.replaceWith(privacy(this, el)), () => data.replaceChildren(el("small", {}, t("offline"))));
    }
    /** Something over the whole conversation, with a heading; the gear closes it. */
    sheet(title, ...inside) {
      this.$sheet?.remove();
      this.$sheet = el("div", { class: "sheet", role: "group", "aria-label": title }, el("h3", { tabindex: "-1" }, title), ...inside);
      this.$panel.append(this.$sheet); this.$gear.setAttribute("aria-expanded", "true"); this.$sheet.querySelector("h3").focus();
    }
    prefer(change, again = false) {
      Object.assign(this.state.prefs, change); this.save();
      this.style.setProperty("--k", { large: "1.15", larger: "1.35" }[this.state.prefs.size] || "1");
      if (this.state.id && !("size" in change)) this.tellPrefs().catch(() => {});
      if (again) { this.$sheet = null; this.draw(); this.$panel.hidden = false; this.$launch.hidden = true; this.settings(); }
    }
    tellPrefs() { return this.call("POST", "/preferences", { plain: Boolean(this.state.prefs.plain), one_at_a_time: Boolean(this.state.prefs.one), language: this.state.prefs.language || "" }); }
    async transcript() {
      const told = await this.call("GET", "/transcript"), who = { customer: this.t("you"), agent: this.t("assistant"), rep: this.t("rep"), system: "" };
      const text = told.turns.map((x) => `${new Date(x.at_ms).toLocaleString(this.language)}  ${who[x.role] || ""}\n${x.text}\n`).join("\n"), url = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
      el("a", { href: url, download: "transcript.txt" }).click(); URL.revokeObjectURL(url);
    }
    async end() { try { await this.call("POST", "/end"); this.settings(); } catch (error) { this.note(error.message, true); } }
    /** Begin anew: nothing of what was is left here, not even what was not sent. */
    begun(told) { this.$sheet = null; this.state.unsent = []; this.$input.value = ""; this.reset(); this.note(told); this.learn(); this.$input.focus({ preventScroll: true }); }
  }
  customElements.define("baton-chat", BatonChat);
})();
