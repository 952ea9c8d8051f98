// The desk: drafts that are never lost, suggestions put into the reply, typing, reading at the end, and panes on a small screen.
(() => {
  const root = document.documentElement, desk = document.getElementById("main");
  const id = (name) => document.getElementById(name);
  const open = () => id("work")?.dataset.keyOf || "";
  const reply = () => document.querySelector("textarea[data-reply]");
  const send = (news) => document.body.dispatchEvent(new CustomEvent(news));
  const headers = () => JSON.parse(document.body.getAttribute("hx-headers"));

  // ---- drafts: kept in this tab for each conversation, until they are sent or the rep signs out ----
  const kept = { get: (k) => { try { return sessionStorage.getItem(k); } catch { return null; } },
    set: (k, v) => { try { v ? sessionStorage.setItem(k, v) : sessionStorage.removeItem(k); } catch { /* a browser that keeps nothing still sends */ } } };
  const keep = (field) => kept.set(`desk-draft:${field.id}`, field.value);
  function restore() {
    for (const field of document.querySelectorAll("textarea[data-draft]")) {
      const text = kept.get(`desk-draft:${field.id}`);
      if (text && !field.value) field.value = text;
    }
    const from = id(`from-${open()}`), text = from && kept.get(`desk-from:${open()}`);
    if (text && reply()?.value) begin(from, text);
  }
  document.addEventListener("input", ({ target }) => {
    if (target.matches("textarea[data-draft]")) keep(target);
    if (!target.matches("textarea[data-reply]")) return;
    if (!target.value) begin(id(`from-${open()}`), "");
    tellTyping(target.dataset.reply);
  });
  document.addEventListener("submit", ({ target }) => {
    if (!target.matches('[action="/sign-out"]')) return;
    try { sessionStorage.clear(); } catch { /* nothing was kept */ }
  });

  // ---- what was sent leaves the field; what was typed meanwhile stays. A new turn gets a new nonce, a repeated one the same ----
  const sent = new WeakMap();
  let turns = 0;
  document.addEventListener("htmx:beforeRequest", ({ detail }) => {
    const field = detail.elt.matches?.("form") && detail.elt.querySelector("textarea[data-draft]");
    if (field) sent.set(detail.xhr, { field, text: field.value });
  });
  const renew = (form) => { const nonce = form.querySelector("[name=nonce]"); if (nonce) nonce.value = `${nonce.value.split(".")[0]}.${++turns}`; };
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    const was = sent.get(detail.xhr), form = detail.elt;
    if (was && detail.successful) {
      was.field.value = was.field.value.startsWith(was.text) ? was.field.value.slice(was.text.length).trimStart() : was.field.value;
      keep(was.field);
      renew(form);
      if (was.field.matches("[data-reply]")) { begin(id(`from-${was.field.dataset.reply}`), ""); was.field.focus(); end(true); }
    }
    if (detail.successful && form.closest?.("dialog")) form.closest("dialog").close();
    if (detail.successful && form.closest?.("[popover]")) form.closest("[popover]").hidePopover();
  });
  document.addEventListener("htmx:responseError", ({ detail }) => {
    let problem = {};
    try { problem = JSON.parse(detail.xhr.responseText); } catch { /* told by the shell */ }
    if (problem.code === "once_reused" && detail.elt.matches?.("form")) renew(detail.elt);
    const place = detail.elt.closest?.("dialog")?.querySelector("[data-problem]"); // what lies behind a dialog is not read
    if (place) { place.textContent = problem.detail || problem.title || "That did not work. Nothing was changed; try again."; place.hidden = false; }
    if (detail.xhr.status === 409) { send("desk-more"); send("desk-list"); }
  });

  // ---- suggestions: used, edited, or not ----
  function begin(from, text) {
    if (!from) return;
    from.value = text;
    kept.set(`desk-from:${open()}`, text);
    const says = id("from-says");
    if (says) says.hidden = !text;
  }
  function put(text) {
    const field = reply();
    if (!field || field.readOnly) return null;
    field.value = field.value.trim() ? `${field.value.trimEnd()}\n\n${text}` : text;
    keep(field);
    return field;
  }
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-use], [data-edit], [data-not], [data-quote], [data-focus]");
    if (!button) return;
    if (button.dataset.focus) return id(button.dataset.focus)?.focus();
    const place = button.closest(".suggestion, .drawer"), text = place.querySelector("[data-text]").textContent;
    if ("not" in button.dataset) return dismiss(place);
    const field = put(text);
    if (!field) return;
    if (!("quote" in button.dataset)) { begin(id(`from-${open()}`), text); place.remove(); }
    if ("use" in button.dataset) return id("send").focus();
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
  });
  function dismiss(place) {
    const next = place.nextElementSibling;
    place.remove();
    if (next) { next.hidden = false; next.querySelector("[data-not]").focus(); } else id("talk-h").focus();
  }

  // ---- typing: said to the customer at most every three seconds, shown for six ----
  let told = 0;
  function tellTyping(key) {
    if (Date.now() - told < 3000) return;
    told = Date.now();
    fetch(`/api/desk/conversations/${key}/typing`, { method: "POST", headers: { ...headers(), "Content-Type": "application/json" }, body: '{"on":true}' }).catch(() => {});
  }
  const watched = new Set(), timers = new Map();
  const mark = (key, on) => document.querySelectorAll(`[data-typing="${CSS.escape(key)}"]`).forEach((e) => { e.hidden = !on; });
  function typing(key, on) {
    const atEnd = key === open() && end();
    mark(key, on);
    if (atEnd && on) end(true);
    clearTimeout(timers.get(key));
    if (on) timers.set(key, setTimeout(() => typing(key, false), 6000)); else timers.delete(key);
  }
  function watch() {
    for (const [, topic] of (id("topics")?.getAttribute("hx-trigger") || "").matchAll(/baton:(conversation\/[\w-]+)/g)) {
      if (watched.has(topic)) continue;
      watched.add(topic);
      const key = topic.split("/")[1];
      document.body.addEventListener(`baton:${topic}`, () => { typing(key, false); send(key === open() ? "desk-more" : "desk-list"); });
      document.body.addEventListener(`baton:typing/${topic}`, ({ detail }) => { if (detail?.role === "customer") typing(key, detail?.on !== false); });
    }
  }

  // ---- reading: at the end one stays at the end; elsewhere nothing moves and a button tells of what is new ----
  const scroller = () => { const s = id("scroll"); return s && s.scrollHeight > s.clientHeight && getComputedStyle(s).overflowY === "auto" ? s : document.scrollingElement; };
  function end(go) {
    const s = scroller();
    if (go) s.scrollTop = s.scrollHeight;
    return s.scrollHeight - s.scrollTop - s.clientHeight < 64;
  }
  function start() {
    if (id("scroll")?.dataset.start === "top") scroller().scrollTop = 0; else if (id("turns")) end(true);
    hands();
    seen();
  }
  const hands = () => { // somebody else has it: the text stays, to be read and copied, and cannot be sent
    const field = reply(), mine = id("hands")?.dataset.mine !== "no";
    if (!field) return;
    field.readOnly = !mine;
    id(`from-${open()}`).disabled = !Number(id("suggestions")?.dataset.count); // where none was shown, none was refused
    for (const name of ["send", "act-ask", "act-hand", "act-wrap", "act-back"]) if (id(name)) id(name).disabled = !mine;
  };
  let atEnd = true, hadTurns = 0;
  document.addEventListener("htmx:beforeSwap", ({ detail }) => { if (!detail.target.isConnected) detail.shouldSwap = false; }); // it belonged to a conversation that was left meanwhile
  document.addEventListener("htmx:beforeSwap", ({ detail }) => { if (detail.target.id === "turns") { atEnd = end(); hadTurns = detail.target.childElementCount; } });
  document.addEventListener("htmx:afterSettle", ({ detail }) => {
    const target = detail.target;
    if (target?.id === "turns") { if (target.childElementCount > hadTurns) { if (atEnd) end(true); else id("below").hidden = false; } hands(); seen(); }
    if (target?.id === "left") { say(); watch(); count(); timers.forEach((_, key) => mark(key, true)); }
    if (target?.id === "wrap-body") target.querySelector("[data-first]")?.focus();
  });
  document.addEventListener("scroll", () => { if (id("below") && !id("below").hidden && end()) id("below").hidden = true; }, { capture: true, passive: true });
  document.addEventListener("click", ({ target }) => { if (target.closest("#below")) { end(true); id("below").hidden = true; } });

  // ---- the list is swapped only when it says something else, and never under a pressed mouse or an open menu ----
  let last = "", pressed = false, missed = false;
  document.addEventListener("pointerdown", () => { pressed = true; });
  for (const up of ["pointerup", "pointercancel"]) document.addEventListener(up, () => { pressed = false; if (missed) setTimeout(() => { missed = false; send("desk-list"); }, 60); });
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (detail.target.id !== "left" || !detail.shouldSwap) return;
    const says = detail.serverResponse.replace(/(<time[^>]*>)[^<]*/g, "$1");
    if (pressed || document.querySelector("#presence .menu:popover-open")) { missed = true; detail.shouldSwap = false; }
    else if (says === last) detail.shouldSwap = false;
    else last = says;
  });
  document.addEventListener("toggle", ({ target, newState }) => { if (missed && newState === "closed" && target.closest?.("#presence")) { missed = false; send("desk-list"); } }, true);

  // ---- a part swapped from afar gives the focus back ----
  let had = null;
  document.addEventListener("htmx:oobBeforeSwap", ({ detail }) => { had = detail.target.contains(document.activeElement) ? document.activeElement.id : had; });
  document.addEventListener("htmx:oobAfterSwap", () => { if (had && document.activeElement === document.body) id(had)?.focus({ preventScroll: true }); had = null; });

  // ---- what this tab has shown of each conversation, so that the list can tell what is new ----
  const upTo = {};
  const seen = () => { const after = id("after"); if (after && !document.hidden) upTo[open()] = after.value; };
  document.addEventListener("htmx:configRequest", ({ detail }) => {
    if (detail.path === "/desk/left") detail.parameters.set("seen", Object.entries(upTo).map(([key, at]) => `${key}:${at}`).join(","));
  });
  const count = () => { const n = id("views-count"); if (n) n.textContent = id("topics").dataset.count; };
  function say() {
    const says = id("offers")?.dataset.says || "", place = id("desk-says");
    if (place.textContent !== says) place.textContent = says;
  }

  // ---- panes on a small screen ----
  function view(name) {
    desk.dataset.view = name;
    document.querySelectorAll(".desk-views a").forEach((a) => { a.dataset.view === name ? a.setAttribute("aria-current", "true") : a.removeAttribute("aria-current"); });
  }
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".desk-views a");
    if (link) { event.preventDefault(); view(link.dataset.view); if (link.dataset.view === "work") end(); }
  });

  // ---- a conversation that was opened by the rep takes the focus, so that its keys work and it is read aloud ----
  document.addEventListener("htmx:afterSwap", ({ detail }) => {
    if (detail.target?.id !== "work" && detail.elt?.id !== "work") return;
    restore();
    start();
    view(open() || id("current").value ? "work" : "list");
    if (detail.requestConfig?.elt?.closest?.("[data-open]")) (id("talk-h") || id("mine-h")).focus({ preventScroll: true });
  });
  document.addEventListener("click", ({ target }) => { // a dialog begins at its first field
    const dialog = id(target.closest("[data-dialog]")?.dataset.dialog);
    if (dialog?.open) dialog.querySelector("[data-first]")?.focus();
  });
  document.addEventListener("click", ({ target }) => { // how long wrapping up takes is measured from when its panel is opened
    if (target.closest("#act-wrap")) root.dataset.wrapSince = Date.now();
  });
  document.addEventListener("htmx:configRequest", ({ detail }) => {
    if (detail.elt.id === "wrap-form") detail.parameters.set("wrap_ms", String(Math.max(0, Date.now() - Number(root.dataset.wrapSince || Date.now()))));
  });

  view(id("left").dataset.viewStart);
  restore();
  start();
  watch();
  say();
})();
