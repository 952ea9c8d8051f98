// Choices kept in this browser that must hold before the first paint: theme (light or dark), whether the rail's labels are pinned, and whether
// single keys are answered to (WCAG 2.1.4: they can be turned off).
(() => {
  const root = document.documentElement;
  const kept = (name) => { try { return localStorage.getItem(name); } catch { return null; } };
  const keep = (name, value) => { try { localStorage.setItem(name, value); } catch { /* a browser that keeps nothing still switches */ } };
  const mark = () => {
    document.querySelectorAll("[data-keys-toggle]").forEach((box) => { box.checked = root.dataset.keys !== "off"; });
    document.querySelectorAll("[data-rail-toggle]").forEach((b) => b.setAttribute("aria-pressed", String(root.dataset.rail === "pinned")));
  };

  root.classList.add("has-script");
  if (kept("baton-theme")) root.dataset.theme = kept("baton-theme");
  if (kept("baton-keys")) root.dataset.keys = kept("baton-keys");
  if (kept("baton-rail")) root.dataset.rail = kept("baton-rail");

  // The page that is shown stays in sight where a bar of tabs or screens is wider than the window.
  const inSight = (one) => {
    const bar = one.closest(".tabs, .rail"), at = one.getBoundingClientRect();
    bar.scrollLeft += at.left - bar.getBoundingClientRect().left - (bar.clientWidth - at.width) / 2;
  };
  document.addEventListener("DOMContentLoaded", () => { mark(); document.querySelectorAll('.tabs [aria-current], .rail [aria-current]').forEach(inSight); });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-keys-toggle]")) keep("baton-keys", root.dataset.keys = event.target.checked ? "on" : "off");
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-theme-toggle]")) {
      const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
      keep("baton-theme", root.dataset.theme = dark ? "light" : "dark");
    }
    if (event.target.closest("[data-rail-toggle]")) {
      keep("baton-rail", root.dataset.rail = root.dataset.rail === "pinned" ? "slim" : "pinned");
      mark();
    }
  });
})();
