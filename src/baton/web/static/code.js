// Code in a text area: lines are numbered, and a link to a line (#line-8) goes to it in the text. Without script there is a numbered listing.
(() => {
  "use strict";
  const lines = (area) => area.value.split("\n").length;
  function number(area) {
    const frame = document.createElement("div"), gutter = document.createElement("pre");
    frame.className = "code-frame";
    gutter.className = "code-lines";
    gutter.setAttribute("aria-hidden", "true");
    area.before(frame);
    frame.append(gutter, area);
    let told = 0;
    const draw = () => {
      const now = lines(area);
      if (now !== told) gutter.textContent = Array.from({ length: (told = now) }, (_, n) => n + 1).join("\n") + "\n\n\n";
      gutter.scrollTop = area.scrollTop;
    };
    area.addEventListener("input", draw);
    area.addEventListener("scroll", draw, { passive: true });
    draw();
  }
  function go(area, line) {
    const before = area.value.split("\n").slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    const end = area.value.indexOf("\n", before);
    area.focus({ preventScroll: true });
    area.setSelectionRange(before, end < 0 ? area.value.length : end);
    const height = parseFloat(getComputedStyle(area).lineHeight);
    area.scrollTop = Math.max(0, (line - 4) * height);
    area.scrollIntoView({ block: "center" });
  }
  document.querySelectorAll("textarea[data-code]").forEach(number);
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#line-"]'), area = document.querySelector("textarea[data-code]");
    if (!link || !area) return;
    event.preventDefault();
    go(area, Number(link.hash.slice(6)));
  });
})();
