// Live: a form sent from a dialog closes it, the focus goes back to the button that opened it (also where that was fetched again),
// and whoever watches a conversation at its end stays at its end.
(() => {
  let opener = "", atEnd = true;
  const heard = new Set(); // conversations whose news is passed on to whoever watches
  function watch() {
    const topic = document.querySelector("[data-watch]")?.dataset.watch;
    if (!topic || heard.has(topic)) return;
    heard.add(topic);
    document.body.addEventListener(`baton:${topic}`, () => document.body.dispatchEvent(new CustomEvent("watch-news")));
  }
  const drawer = () => document.querySelector("#drawer-place [data-drawer]");
  const back = () => setTimeout(() => { if (!document.activeElement || document.activeElement === document.body) document.getElementById(opener)?.focus({ preventScroll: true }); });
  const toEnd = () => { const d = drawer(); if (d?.querySelector("#watch-lines")) d.scrollTop = d.scrollHeight; };
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-dialog], [hx-target='#drawer-place']");
    if (button?.id) opener = button.id;
    if (target.closest("[data-close]")) back();
  }, true);
  document.addEventListener("keyup", ({ key }) => { if (key === "Escape") back(); });
  document.addEventListener("close", back, true);
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (detail.successful && detail.elt.matches?.("form")) detail.elt.closest("dialog")?.close();
  });
  document.addEventListener("htmx:responseError", ({ detail }) => {
    const place = detail.elt.closest?.("dialog")?.querySelector("[data-problem]"); // what lies behind a dialog is not read
    if (!place) return;
    let problem = {};
    try { problem = JSON.parse(detail.xhr.responseText); } catch { /* not a problem document */ }
    place.textContent = problem.detail || problem.title || "That did not work. Nothing was changed; try again.";
    place.hidden = false;
  });
  document.addEventListener("htmx:beforeRequest", ({ detail }) => { // a dialog opens empty, never with what it showed before
    if (detail.elt.matches?.("[data-dialog]") && detail.target?.closest("dialog")) detail.target.innerHTML = '<div class="skeleton" role="status"><i></i><i></i><i></i></div>';
  });
  document.addEventListener("htmx:beforeSwap", () => { const d = drawer(); atEnd = !d || d.scrollHeight - d.scrollTop - d.clientHeight < 48; });
  // a part fetched again keeps what is open and how far it was scrolled; where what had the focus is gone, its part has it
  document.addEventListener("htmx:oobBeforeSwap", ({ detail: { target, fragment } }) => {
    target.querySelectorAll("details[id][open]").forEach((d) => fragment.querySelector(`#${CSS.escape(d.id)}`)?.setAttribute("open", ""));
    const scrolled = [...target.querySelectorAll(".scroll-x")].filter((e) => e.scrollLeft).map((e) => [e.getAttribute("aria-label"), e.scrollLeft]);
    const held = target.contains(document.activeElement);
    if (held || scrolled.length) setTimeout(() => {
      const now = document.getElementById(target.id);
      scrolled.forEach(([label, left]) => { const e = now?.querySelector(`.scroll-x[aria-label="${CSS.escape(label)}"]`); if (e) e.scrollLeft = left; });
      if (held && document.activeElement === document.body) now?.focus({ preventScroll: true });
    });
  });
  document.addEventListener("htmx:afterSettle", ({ detail }) => {
    watch();
    if (detail.target?.id === "drawer-place" || (detail.target?.id === "watch-more" && atEnd)) toEnd();
    if (detail.target?.closest?.("dialog[open]")) detail.target.querySelector("[autofocus]")?.focus();
  });
  // the feed tells in one place that it failed, until it works again
  const feed = document.getElementById("live-feed"), failed = document.getElementById("live-failed");
  for (const kind of ["htmx:responseError", "htmx:sendError"]) feed?.addEventListener(kind, (event) => { event.stopPropagation(); failed.hidden = false; });
  feed?.addEventListener("htmx:afterRequest", ({ detail }) => { if (detail.successful) failed.hidden = true; });
  watch();
  toEnd();
})();
