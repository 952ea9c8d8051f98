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
  document.addEventListener("htmx:afterSettle", ({ detail }) => {
    watch();
    if (detail.target?.id === "drawer-place" || (detail.target?.id === "watch-more" && atEnd)) toEnd();
    if (detail.target?.closest?.("dialog[open]")) detail.target.querySelector("[autofocus]")?.focus();
  });
  watch();
  toEnd();
})();
