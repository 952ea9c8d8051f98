// One event stream per tab. An event of a topic means "fetch this again": it is dispatched on <body> as "baton:<topic>", and
// elements with hx-trigger="baton:<topic> from:body" do. The topics asked for are the ones the page listens to.
(() => {
  let position = document.body.dataset.position || "0"; // kept over every reconnection, so that nothing is missed or seen twice
  let stream = null, asked = "", tries = 0, timer = 0;
  const waiting = new Map(); // topic -> its last event; sent together so that a burst fetches once

  const topics = () => [...new Set([...document.querySelectorAll('[hx-trigger*="baton:"]')]
    .flatMap((e) => [...e.getAttribute("hx-trigger").matchAll(/baton:([\w./-]+)/g)].map((m) => m[1])))].sort().join(",");
  const say = (name, detail) => document.body.dispatchEvent(new CustomEvent(`baton:${name}`, { detail }));
  const flush = () => { const all = [...waiting]; waiting.clear(); all.forEach(([topic, detail]) => say(topic, detail)); };
  const show = (lost) => document.querySelectorAll("[data-live-state]").forEach((e) => { e.hidden = !lost; });

  function take(block) {
    const event = { id: null, event: "message", data: "" };
    for (const line of block.split("\n")) {
      const [, name, value] = line.match(/^(id|event|data|retry):? ?(.*)$/) || [];
      if (name) event[name] = name === "data" ? event.data + value : value;
    }
    // "ready" opens every stream with the newest position: where that is past ours, something was missed, so all is fetched once
    if (event.event === "reset" || (event.event === "ready" && Number(event.id) > Number(position))) asked.split(",").forEach((topic) => waiting.set(topic, null));
    else if (event.data && event.event !== "ready") waiting.set(event.event, JSON.parse(event.data));
    if (event.id) position = event.id;
    if (waiting.size) { clearTimeout(timer); timer = setTimeout(flush, 120); }
  }

  async function read(signal) {
    const answer = await fetch(`/api/live?topics=${encodeURIComponent(asked)}`, { signal, cache: "no-store",
      headers: { Accept: "text/event-stream", "Last-Event-ID": position } });
    if (answer.status === 401) return location.reload(); // signed out elsewhere: the server says where to go
    if (!answer.ok) throw new Error(`live ${answer.status}`);
    tries = 0; show(false);
    let rest = "";
    for (const pieces = answer.body.pipeThrough(new TextDecoderStream()).getReader(); ;) {
      const { value, done } = await pieces.read();
      if (done) return;
      const blocks = (rest + value).replaceAll("\r\n", "\n").split("\n\n");
      rest = blocks.pop();
      blocks.forEach(take);
    }
  }

  async function keep(own) {
    while (!own.signal.aborted) {
      try { await read(own.signal); } catch { if (own.signal.aborted) return; }
      if (++tries > 1) show(true);
      const pause = Math.min(30000, 250 * 2 ** Math.min(tries, 7)) * (0.5 + Math.random() / 2); // backoff with jitter: servers come back to a crowd
      await new Promise((go) => { const t = setTimeout(go, pause); own.signal.addEventListener("abort", () => { clearTimeout(t); go(); }); addEventListener("online", go, { once: true }); });
    }
  }

  function open() {
    const wanted = topics();
    if (wanted === asked && stream && !stream.signal.aborted) return;
    stream?.abort();
    asked = wanted;
    if (asked) keep(stream = new AbortController());
  }

  addEventListener("pagehide", () => stream?.abort());
  addEventListener("pageshow", open);
  document.addEventListener("htmx:afterSettle", open);
  open();
})();
