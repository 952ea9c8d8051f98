// The keyboard, what opens and closes, clocks that tick, and what must survive when a part of the page is fetched again.
(() => {
  const find = (selector) => document.querySelector(selector);
  // A field in a dialog that has just been closed keeps the focus until the next frame: nobody types there.
  const typing = (e) => e.closest?.("input, textarea, select, [contenteditable]") && !e.closest("dialog:not([open])");
  let afterG = 0;

  // ---- keys: `?`, Ctrl K, `g` then a letter, and any control with data-key ----
  document.addEventListener("keydown", (event) => {
    const key = event.key.toLowerCase();
    if ((event.ctrlKey || event.metaKey) && key === "k") return event.preventDefault(), show("palette");
    if ((event.ctrlKey || event.metaKey) && key === "enter" && event.target.matches?.("[data-send-on-ctrl-enter]")) return event.preventDefault(), event.target.form.requestSubmit();
    if (key === "escape") return document.documentElement.classList.add("no-tips"), closeDrawer();
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target) || find("dialog[open]") || document.documentElement.dataset.keys === "off") return;
    if (event.key === "?") return event.preventDefault(), show("keys");
    if (Date.now() - afterG < 1200) { afterG = 0; return find(`[data-go="${CSS.escape(key)}"]`)?.click(); }
    if (key === "g") { afterG = Date.now(); return; }
    const control = find(`[data-key="${CSS.escape(key)}"]:not([disabled])`);
    if (control) { event.preventDefault(); control.click(); }
  });

  for (const moved of ["pointerover", "focusin"]) document.addEventListener(moved, (event) => { // a tip closed by Escape stays closed until the reader goes elsewhere
    if (!event.target.closest(".rail")) document.documentElement.classList.remove("no-tips");
  });

  // ---- dialogs, drawer, palette, filters ----
  const show = (id) => { const d = document.getElementById(id); if (d?.showModal && !d.open) d.showModal(); };
  let opener = null;
  function closeDrawer() {
    const drawer = find("#drawer-place [data-drawer]");
    if (drawer && !drawer.matches(".on-target")) { drawer.remove(); opener?.focus(); }
    else if (location.hash && find("[data-drawer]:target")) location.hash = "#main";
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-dialog]");
    if (button) show(button.dataset.dialog);
    if (event.target.matches("dialog")) event.target.close(); // pressed beside it
    if (event.target.closest("[data-close]") && find("#drawer-place [data-drawer]:not(.on-target)")) { event.preventDefault(); closeDrawer(); }
  });
  document.addEventListener("change", (event) => event.target.closest("form[data-autosubmit]")?.requestSubmit());
  document.addEventListener("input", (event) => {
    if (!event.target.matches("[data-palette]")) return;
    const wanted = event.target.value.trim().toLowerCase(), lines = [...document.querySelectorAll("[data-palette-list] li")];
    lines.forEach((line) => { line.hidden = !line.textContent.toLowerCase().includes(wanted); });
    find(".palette-none").hidden = lines.some((line) => !line.hidden);
  });
  find("#palette")?.addEventListener("keydown", (event) => {
    const links = [...document.querySelectorAll("[data-palette-list] li:not([hidden]) a")], at = links.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) { event.preventDefault(); (links[at + step] || (step < 0 ? find("[data-palette]") : links[at]))?.focus(); }
    if (event.key === "Enter" && event.target.matches("[data-palette]") && event.target.value && links.length) { event.preventDefault(); links[0].click(); }
  });

  // ---- clocks: data-since counts up, data-until down; each is written in place ----
  const two = (n) => String(n).padStart(2, "0");
  const clock = (s) => (s >= 3600 ? `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}` : Math.floor(s / 60)) + `:${two(s % 60)}`;
  const words = (s) => s < 60 ? `${s}\u00a0s` : s < 3600 ? `${Math.floor(s / 60)}\u00a0min` : s < 172800 ? `${Math.floor(s / 3600)}\u00a0h${Math.floor(s / 60) % 60 ? ` ${Math.floor(s / 60) % 60}\u00a0min` : ""}` : `${Math.floor(s / 86400)} days`;
  setInterval(() => document.querySelectorAll("[data-since], [data-until]").forEach((e) => {
    const ms = e.dataset.since ? Date.now() - e.dataset.since : e.dataset.until - Date.now(), s = Math.max(0, Math.floor(ms / 1000));
    const text = "words" in e.dataset ? words(s) : clock(s);
    if (e.textContent !== text) e.textContent = text;
  }), 1000);

  // ---- a part fetched again keeps what is half typed, the caret, the focus, and where the reader had scrolled to ----
  const dirty = (f) => f === document.activeElement || (f.type === "checkbox" || f.type === "radio" ? f.checked !== f.defaultChecked : f.value !== f.defaultValue);
  const LINES = "tr[id], li[id], article[id], section[id]"; // what slides in when it was not there before
  let kept = [];
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const place = detail.target;
    if (!place?.querySelectorAll || detail.shouldSwap === false) return;
    if (place.id === "drawer-place" && !place.childElementCount) opener = document.activeElement;
    const sent = detail.requestConfig?.elt; // a form that was sent starts empty again
    kept = [...place.querySelectorAll("textarea[id], input[id]:not([type=hidden])")].filter((f) => dirty(f) && !(sent && sent === f.form))
      .map((f) => ({ old: f, focus: f === document.activeElement, caret: [f.selectionStart, f.selectionEnd] }));
    const focus = document.activeElement?.id && place.contains(document.activeElement) ? document.activeElement.id : null;
    const scrolled = [place, ...place.querySelectorAll("[data-keep-scroll][id]")].filter((e) => e.id && "keepScroll" in e.dataset)
      .map((e) => ({ id: e.id, of: e.dataset.keepScroll, top: e.scrollTop, end: e.scrollHeight - e.scrollTop - e.clientHeight < 48 }));
    const known = new Set([...place.querySelectorAll(LINES)].map((e) => e.id));
    const opened = [...place.querySelectorAll("details[id][open]")].map((e) => e.id);
    document.addEventListener("htmx:afterSwap", () => {
      for (const { old, focus: had, caret } of kept) {
        const now = document.getElementById(old.id);
        if (now && now !== old) now.replaceWith(old);
        if (had && old.isConnected) { old.focus({ preventScroll: true }); try { old.setSelectionRange(...caret); } catch { /* no caret in this kind of input */ } }
      }
      if (focus && document.activeElement === document.body) document.getElementById(focus)?.focus({ preventScroll: true });
      scrolled.forEach(({ id, of, top, end }) => { const e = document.getElementById(id); if (e) e.scrollTop = end || e.dataset.keepScroll !== of ? e.scrollHeight : top; });
      const now = document.getElementById(place.id) || place;
      if (known.size) now.querySelectorAll(LINES).forEach((e) => { if (!known.has(e.id)) e.classList.add("is-new"); });
      opened.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
      if (place.id === "drawer-place") place.querySelector("[data-drawer]")?.focus();
    }, { once: true });
  });
  document.addEventListener("htmx:afterSwap", ({ detail }) => { if (detail.target?.id === "toasts") setTimeout(() => detail.target.firstElementChild?.remove(), 8000); });

  // ---- what could not be done is said, in the server's words where it gave them ----
  function tell(text) {
    const toast = Object.assign(document.createElement("div"), { className: "toast", textContent: text });
    find("#toasts")?.append(toast);
    setTimeout(() => toast.remove(), 10000);
  }
  document.addEventListener("htmx:sendError", () => tell("The server could not be reached. Nothing was changed; try again."));
  document.addEventListener("htmx:responseError", ({ detail: { xhr } }) => {
    let problem = {};
    try { problem = JSON.parse(xhr.responseText); } catch { /* not a problem document */ }
    tell(problem.detail || problem.title || `That did not work (error ${xhr.status}). Nothing was changed; try again.`);
  });
  document.querySelectorAll("[data-keep-scroll]").forEach((e) => { e.scrollTop = e.scrollHeight; });
})();
