// News of the queue without loading the page again; everything works without it.
"use strict";
(() => {
  const root = document.body.dataset.root;
  const news = document.getElementById("news");
  let version = document.body.dataset.version;
  let stream = null;
  let asked = false;
  let pending = 0;

  const say = (words) => { if (news && news.textContent !== words) news.textContent = words; };

  const rough = (seconds) => {
    for (const [size, unit] of [[86400, "d"], [3600, "h"], [60, "min"]]) {
      if (seconds >= size * 0.95) return `${Math.round(seconds / size)} ${unit}`;
    }
    return `${Math.max(0, Math.round(seconds))} s`;
  };
  const exact = (seconds) => {
    const minutes = Math.floor(seconds / 60);
    if (minutes < 1) return `${Math.floor(seconds)} s`;
    if (minutes < 60) return `${minutes} min ${String(Math.floor(seconds % 60)).padStart(2, "0")} s`;
    return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  };
  const age = (at) => (Date.now() + ahead - Date.parse(at)) / 1000;
  // The server's clock counts: this machine's may be wrong.
  const told = document.querySelector("footer time");
  const ahead = told ? Date.parse(told.dateTime) - Date.now() : 0;

  const tick = () => {
    for (const each of document.querySelectorAll("time[data-ago]")) {
      const seconds = age(each.dateTime);
      each.textContent = seconds < 5 ? "just now" : `${rough(seconds)} ago`;
    }
  };
  const count = () => {
    for (const each of document.querySelectorAll("[data-count]")) {
      each.textContent = exact(Math.max(0, age(each.dataset.count)));
    }
    for (const each of document.querySelectorAll("progress[data-since]")) {
      each.value = Math.min(each.max, Math.max(0, age(each.dataset.since)));
    }
  };

  // What a region says, without what this script changes in it.
  const essence = (region) => {
    const copy = region.cloneNode(true);
    for (const each of copy.querySelectorAll("time[data-ago], [data-count]")) each.textContent = "";
    for (const each of copy.querySelectorAll("progress")) each.removeAttribute("value");
    for (const each of copy.querySelectorAll("details")) each.removeAttribute("open");
    return copy.innerHTML;
  };
  // Regions are replaced one by one, and only where they differ: what somebody writes in stays
  // where it is, and so does the focus.
  const replace = (fresh) => {
    let changed = false;
    for (const old of document.querySelectorAll("[data-live]")) {
      const now = fresh.getElementById(old.id);
      if (!now || essence(now) === essence(old)) continue;
      const focus = document.activeElement;
      const inside = old.contains(focus) && focus !== old;
      if (inside && /^(INPUT|TEXTAREA|SELECT)$/.test(focus.tagName)) continue;
      const link = inside && focus.getAttribute("href");
      const opened = [...old.querySelectorAll("details[id]")].map((each) => [each.id, each.open]);
      old.replaceChildren(...now.childNodes);
      for (const [id, isOpen] of opened) document.getElementById(id)?.toggleAttribute("open", isOpen);
      if (link) old.querySelector(`[href="${CSS.escape(link)}"]`)?.focus({ preventScroll: true });
      changed = true;
    }
    return changed;
  };

  const load = async () => {
    pending = 0;
    const answer = await fetch(location.href, { headers: { Accept: "text/html" }, credentials: "same-origin" });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    version = fresh.body.dataset.version;
    const at = fresh.querySelector("footer time");
    if (at && told) { told.dateTime = at.dateTime; told.textContent = at.textContent; }
    document.title = fresh.title;
    if (replace(fresh)) say(fresh.querySelector("[data-news]")?.dataset.news ?? "changed just now");
    tick();
    count();
  };
  const soon = () => {
    if (pending) return;
    pending = setTimeout(() => load().catch(() => say("not reached; trying again")), 100 + Math.random() * 900);
  };

  const open = () => {
    if (stream || document.hidden || !document.querySelector("[data-live]:not(#trouble)")) return;
    stream = new EventSource(`${root}events`);
    stream.addEventListener("version", (event) => {
      if (!asked) { asked = true; say("live"); }
      if (event.data !== version) soon();
    });
    stream.onerror = () => {
      if (stream.readyState === EventSource.CLOSED) { close(); setTimeout(open, 15000); }
    };
  };
  const close = () => { stream?.close(); stream = null; };

  // A browser has six connections to a server: a tab that nobody sees takes none.
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  addEventListener("pagehide", close);
  addEventListener("pageshow", open);

  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const search = document.getElementById("q");
      if (search) { event.preventDefault(); search.focus(); search.select(); }
    }
  });
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-copy]");
    if (!button) return;
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      say("copied");
    } catch { say("the browser does not let it be copied"); }
  });
  document.documentElement.classList.add("js");
  tick();
  count();
  setInterval(tick, 20000);
  setInterval(count, 1000);
  open();
})();
