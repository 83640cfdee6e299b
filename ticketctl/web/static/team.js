// Keys, and what is refreshed while a page is open. Every page works without it.
"use strict";
(() => {
  const body = document.body, main = document.getElementById("content");
  const busy = (target) => target.closest("input, textarea, select, [contenteditable], dialog, iframe");
  const rows = () => [...document.querySelectorAll("[data-row]")].filter((row) => row.offsetParent !== null);
  let at = -1;

  const move = (step) => {
    const all = rows();
    if (!all.length) return;
    const now = all.findIndex((row) => row.classList.contains("at"));
    at = Math.max(0, Math.min(all.length - 1, (now < 0 && step > 0 ? -1 : now < 0 ? 1 : now) + step));
    all.forEach((row) => row.classList.remove("at"));
    all[at].classList.add("at");
    const target = all[at].querySelector("a.subject") || all[at];
    target.focus({ preventScroll: true });
    all[at].scrollIntoView({ block: "nearest" });
  };
  const reach = (id, field) => {
    const part = document.getElementById(id);
    if (!part) return;
    part.scrollIntoView({ block: "start" });
    const input = part.querySelector(field);
    if (input) input.focus();
  };
  const actions = {
    j: () => move(1),
    k: () => move(-1),
    o: () => { const row = document.querySelector("[data-row].at a.subject"); if (row) row.click(); },
    r: () => reach("reply", "textarea"),
    a: () => reach("work", "select"),
    n: () => reach("note", "textarea"),
    c: () => reach("close", "select, input[type=text], button"),
    e: () => { const form = document.querySelector("form[data-key=e]"); if (form) form.requestSubmit(); },
    u: () => { location.href = sessionStorage.getItem("list") || body.dataset.list; },
    "/": () => { const find = document.getElementById("find"); if (find) { find.focus(); find.select(); } },
    "?": () => { const keys = document.getElementById("keys"); if (keys && keys.showModal) keys.showModal(); },
  };
  // The list or board that somebody came from, for "u": in this tab only, and gone with it.
  if (document.querySelector("[data-here]")) sessionStorage.setItem("list", location.pathname + location.search);
  if (body.dataset.keys === "on") {
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.keyCode === 229) return;
      if (event.defaultPrevented || event.repeat && event.key !== "j" && event.key !== "k") return;
      if (event.target instanceof Element && busy(event.target)) return;
      const action = actions[event.key];
      if (!action) return;
      event.preventDefault();
      action();
    });
  }

  // What is refreshed: asked again as often as somebody looks, and drawn only when it has changed.
  const refreshed = (part, seconds, draw) => {
    const off = document.getElementById("live-off");
    let mark = part.dataset.mark, failures = 0, timer = 0;
    const later = () => {
      const usual = document.hidden ? 60 : seconds;
      const wait = 1000 * (failures ? Math.min(60, 2 * 2 ** failures) : usual);
      clearTimeout(timer);
      timer = setTimeout(ask, wait * (0.8 + 0.4 * Math.random()));
    };
    const ask = async () => {
      try {
        const answer = await fetch(part.dataset.live, {
          headers: { "If-None-Match": mark, "X-Requested-With": "poll" }, cache: "no-store", redirect: "manual",
        });
        if (answer.status === 401) { if (!written()) { location.reload(); return; } throw new Error("401"); }
        if (answer.status !== 200 && answer.status !== 304) throw new Error(String(answer.status));
        failures = 0;
        off.hidden = true;
        if (answer.status === 200) {
          const text = await answer.text();
          mark = answer.headers.get("ETag");
          draw(document.createRange().createContextualFragment(text));
        }
      } catch {
        failures = Math.min(failures + 1, 6);
        off.hidden = failures < 2;
      }
      later();
    };
    document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });
    addEventListener("online", ask);
    later();
  };
  const written = () => [...document.querySelectorAll("textarea")].some((one) => one.value !== one.defaultValue);

  const live = document.getElementById("live");
  if (live) {
    refreshed(live, 5, (drawn) => {
      const held = live.contains(document.activeElement) && document.activeElement;
      const link = held && held.getAttribute("href");
      live.replaceChildren(drawn);
      const again = link && [...live.querySelectorAll("a")].find((one) => one.getAttribute("href") === link);
      if (again) { again.focus({ preventScroll: true }); const row = again.closest("[data-row]"); if (row) row.classList.add("at"); }
    });
  }

  // A ticket: what is said meanwhile appears below, and counts as read once it was on the screen for a second.
  const talk = document.getElementById("talk");
  if (talk) {
    const messages = document.getElementById("messages"), news = document.getElementById("news");
    const drawnAs = new Map([...messages.children].map((one) => [one.id, one.outerHTML]));
    const keys = document.querySelector("form[data-writing] input[name=keys]");
    const looking = new Map();
    const read = (key) => { if (keys && !keys.value.split(" ").includes(key)) keys.value += ` ${key}`; };
    const eye = new IntersectionObserver((all) => all.forEach((one) => {
      clearTimeout(looking.get(one.target.id));
      if (!one.isIntersecting || document.hidden) return;
      looking.set(one.target.id, setTimeout(() => { read(one.target.id); eye.unobserve(one.target); }, 1000));
    }), { threshold: 0.1 });
    const say = (word, link, text) => {
      const a = document.createElement("a");
      a.href = link;
      a.textContent = text;
      news.replaceChildren(word, " ", a);
      news.hidden = false;
    };
    refreshed(talk, Number(talk.dataset.every), (drawn) => {
      const now = drawn.getElementById("messages"), fresh = [];
      for (const one of [...now.children]) {
        const before = document.getElementById(one.id), made = one.outerHTML;
        if (drawnAs.get(one.id) === made) continue;
        drawnAs.set(one.id, made);
        if (!before) { messages.append(one); eye.observe(one); fresh.push(one); }
        else if (!before.contains(document.activeElement)) before.replaceWith(one);
      }
      for (const id of ["writers", "visitor"]) {
        const there = drawn.getElementById(id), shown = document.getElementById(id);
        if (shown.innerHTML !== there.innerHTML) shown.replaceChildren(...there.childNodes);
      }
      if (fresh.length) say(news.dataset.new, `#${fresh[0].id}`, fresh[0].querySelector("h2").firstChild.textContent.trim());
      else if (now.dataset.revision !== messages.dataset.revision) say(news.dataset.changed, location.pathname, news.dataset.show);
      messages.dataset.revision = now.dataset.revision;
    });
  }

  // While somebody writes, others are told so; and a text is not left behind by mistake.
  const form = document.querySelector("form[data-writing]");
  if (form) {
    const text = form.querySelector("textarea"), begun = text.value;
    let told = 0, leaving = false;
    text.addEventListener("input", () => {
      if (Date.now() - told < 1000 * Number(form.dataset.told)) return;
      told = Date.now();
      const said = new URLSearchParams({ csrf: form.elements.csrf.value });
      fetch(form.dataset.writing, { method: "POST", body: said }).catch(() => {});
    });
    form.addEventListener("submit", () => { leaving = true; });
    addEventListener("beforeunload", (event) => { if (!leaving && text.value !== begun) event.preventDefault(); });
  }
})();
