/* The page of a chat: asks for news, sends what is written once, and forgets nothing that was not stored.
   A message gets its id before the first attempt and keeps it over retries and reloads. Its only live region is #news. */
"use strict";
(() => {
  const page = document.getElementById("chat");
  const form = document.getElementById("write");
  const texts = JSON.parse(page.dataset.texts);
  const lines = document.getElementById("lines");
  const [status, notice, trouble, typing, news] = ["status", "notice", "trouble", "typing", "news"].map((id) => document.getElementById(id));
  const box = document.getElementById("text");
  const parent = window.parent !== window ? hostOrigin() : "";
  const store = `chat ${page.dataset.source}`;
  let token = page.dataset.token;
  let cursor = page.dataset.cursor;
  let etag = "", next = 5, fails = 0, timer = 0, asking = false, again = false, sending = false, ended = false;
  let typedAt = 0, toldTyping = 0;
  let pending = [];  // {client, text, name, email, files}: not stored yet, oldest first

  function hostOrigin() {
    const origin = decodeURIComponent(location.hash.slice(1));
    return JSON.parse(page.dataset.frames).includes(origin) ? origin : "";
  }
  function tell(message) {
    if (parent) window.parent.postMessage({ ticketctl: page.dataset.source, ...message }, parent);
  }
  function keep() {
    const kept = pending.map(({ client, text, name, email }) => ({ client, text, name, email }));
    if (parent) tell({ keep: { token, pending: kept } });
    else if (window.parent === window) {
      try {
        if (kept.length) sessionStorage.setItem(store, JSON.stringify({ token, pending: kept }));
        else sessionStorage.removeItem(store);
      } catch { /* nothing can be kept here */ }
    }
  }
  function takeBack(kept) {
    if (!kept || !kept.token) return;
    if (kept.token !== token) { token = kept.token; cursor = ""; etag = ""; lines.replaceChildren(); }
    for (const one of kept.pending || []) {
      if (pending.some((other) => other.client === one.client)) continue;
      pending.push({ ...one, files: [] });
      draw({ key: "", client: one.client, by: texts.mine, text: one.text, files: [] }, false);
    }
    flush();
  }

  /* --- what is shown --- */
  function draw(one, isNew) {
    let item = one.key && [...lines.children].find((line) => line.dataset.key === one.key);
    if (!item) {
      lines.hidden = false;
      const nearEnd = lines.scrollTop + lines.clientHeight > lines.scrollHeight - 60;
      item = document.createElement("li");
      if (one.client) lines.append(item);
      else lines.insertBefore(item, [...lines.children].find((line) => line.dataset.client) || null);
      if (nearEnd || !one.ours) requestAnimationFrame(() => { lines.scrollTop = lines.scrollHeight; });
      if (isNew && one.ours) {
        const said = document.createElement("p");
        said.textContent = `${one.by}: ${one.text} ${one.files.map((file) => file.name).join(" ")}`;
        news.replaceChildren();
        news.append(said);
        if (document.hidden) tell({ unread: true });
      }
    }
    item.className = one.ours ? "theirs" : "own";
    if (one.key) item.dataset.key = one.key;
    if (one.client) item.dataset.client = one.client; else delete item.dataset.client;
    const who = element("span", "who", `${one.by} `);
    if (one.at) { const at = element("time", "", one.at); at.dateTime = one.iso; who.append(at); }
    item.replaceChildren(who);
    if (one.text) item.append(element("span", "text", one.text));
    for (const file of one.files) item.append(link(file));
    if (one.mailed) item.append(element("span", "soft", one.mailed));
    if (one.client) item.append(element("span", "soft state", texts.sending));
  }
  function element(kind, className, text) {
    const made = document.createElement(kind);
    if (className) made.className = className;
    made.textContent = text;
    return made;
  }
  function link(file) {
    const made = element(file.href ? "a" : "span", "file", file.name);
    if (file.href) {
      made.href = file.href;
      made.addEventListener("click", (event) => { event.preventDefault(); save(file); });
    }
    return made;
  }
  async function save(file) {
    const answer = await fetch(file.href, { headers: { "X-Chat-Token": token }, cache: "no-store" });
    if (!answer.ok) return say(trouble, texts.not_sent);
    const made = document.createElement("a");
    made.href = URL.createObjectURL(await answer.blob());
    made.download = file.name;
    made.click();
    setTimeout(() => URL.revokeObjectURL(made.href), 60000);
  }
  function say(where, text) {
    if (where.textContent !== text) where.textContent = text;
    where.hidden = !text;
  }
  function state(client, text) {
    const item = [...lines.children].find((line) => line.dataset.client === client);
    const shown = item && item.querySelector(".state");
    if (shown) shown.textContent = text;
  }
  function apply(chat) {
    if (chat.anew) for (const line of [...lines.children]) if (!line.dataset.client) line.remove();
    for (const one of chat.lines) draw(one, !chat.anew);
    cursor = chat.cursor;
    next = chat.next;
    say(status, chat.status);
    say(notice, chat.notice);
    say(typing, chat.typing.length ? texts.typing.replace("{name}", chat.typing.join(", ")) : "");
    const other = document.getElementById("form-link");
    other.parentElement.hidden = !chat.form;
    if (chat.form) other.href = chat.form;
    if (chat.number) {
      document.querySelectorAll(".asked").forEach((field) => field.remove());
      const end = document.getElementById("end");
      if (end) end.hidden = false;
    }
    const byMail = document.getElementById("by-mail");
    if (byMail && chat.wants_address && !byMail.dataset.shown) { byMail.open = true; byMail.dataset.shown = "1"; }
  }

  /* --- asking --- */
  function soon(seconds) {
    clearTimeout(timer);
    timer = setTimeout(poll, seconds * 1000 * (0.8 + 0.4 * Math.random()));
  }
  function now() { clearTimeout(timer); if (asking) again = true; else poll(); }
  async function poll() {
    if (asking || ended) return;
    asking = true;
    const types = Date.now() - typedAt < 4000;
    if (types) toldTyping = Date.now();
    const asked = new URL(page.dataset.poll, location.href);
    asked.searchParams.set("seen", cursor);
    const read = [...lines.querySelectorAll(".theirs[data-key]")].pop();
    if (read && !document.hidden) asked.searchParams.set("read", read.dataset.key);
    if (types) asked.searchParams.set("typing", "1");
    try {
      const answer = await limited(asked, { headers: { "X-Chat-Token": token, "If-None-Match": etag } });
      if (answer.status === 200) { apply(await answer.json()); etag = answer.headers.get("ETag") || ""; }
      else if (answer.status === 404) { cursor = ""; etag = ""; throw new Error("gone"); }
      else if (answer.status !== 304) throw new Error(String(answer.status));
      if (fails) { say(trouble, ""); fails = 0; flush(); }
    } catch {
      fails += 1;
      if (fails > 1 || !navigator.onLine) say(trouble, texts.offline);
    }
    asking = false;
    if (again) { again = false; soon(0); }
    else soon(fails ? Math.min(60, 2 ** fails) : document.hidden ? 15 : next);
  }
  async function limited(where, how) {
    const stop = new AbortController();
    const late = setTimeout(() => stop.abort(), 30000);
    try { return await fetch(where, { cache: "no-store", signal: stop.signal, ...how }); } finally { clearTimeout(late); }
  }

  /* --- writing --- */
  function id() { return [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, "0")).join(""); }
  function write(event) {
    const ends = event.submitter && event.submitter.id === "end";
    event.preventDefault();
    if (ends) return finish();
    const files = form.files ? [...form.files.files] : [];
    const text = box.value;
    if (!text.trim() && !files.length) return box.focus();
    for (const name of ["name", "email"]) {
      const field = form.elements[name];
      if (field && !field.checkValidity()) { field.reportValidity(); return; }
    }
    if (files.reduce((sum, one) => sum + one.size, 0) > page.dataset.megabytes * 1e6) return say(trouble, texts.too_large);
    const given = (name) => (form.elements[name] ? form.elements[name].value : "");
    const one = { client: id(), text, files, name: given("name"), email: given("email") };
    pending.push(one);
    keep();
    draw({ key: "", client: one.client, by: texts.mine, text, files: files.map((file) => ({ name: file.name })) }, false);
    box.value = "";
    if (form.files) form.files.value = "";
    say(trouble, "");
    typedAt = 0;
    ended = false;
    box.focus();
    flush();
  }
  async function flush() {
    if (sending) return;
    sending = true;
    while (pending.length) {
      const one = pending[0];
      const body = new FormData();
      body.set("client", one.client);
      body.set("text", one.text);
      if (one.name) body.set("name", one.name);
      if (one.email) body.set("email", one.email);
      for (const file of one.files) body.append("files", file);
      const headers = { "X-Chat-Token": token };
      if (window.parent !== window) headers["X-Chat-Frame"] = "1";
      let answer = null, told = {};
      try { answer = await limited(page.dataset.say, { method: "POST", headers, body }); told = await answer.json(); } catch { /* below */ }
      if (answer && answer.ok && told.key !== undefined) { stored(one, told); continue; }
      if (answer && [400, 404, 409, 410, 413, 422, 429].includes(answer.status)) { refused(one, told); continue; }
      state(one.client, texts.not_sent);
      fails += 1;
      soon(Math.min(60, 2 ** fails));
      break;
    }
    sending = false;
  }
  function stored(one, told) {
    pending = pending.filter((other) => other.client !== one.client);
    keep();
    if (parent) tell({ keep: { token, pending: [] } });
    const item = [...lines.children].find((line) => line.dataset.client === one.client);
    const drawn = told.key && [...lines.children].some((line) => line.dataset.key === told.key);  // a poll was quicker
    if (item && drawn) item.remove();
    else if (item) {
      delete item.dataset.client;
      item.querySelector(".state").remove();
      if (told.key) item.dataset.key = told.key;
    }
    if (told.told) say(notice, told.told);
    if (form.elements.email && one.email) form.elements.email.value = "";
    now();
  }
  function refused(one, told) {
    pending = pending.filter((other) => other.client !== one.client);
    keep();
    [...lines.children].filter((line) => line.dataset.client === one.client).forEach((line) => line.remove());
    box.value = one.text + (box.value ? `\n${box.value}` : "");
    say(trouble, told.told || texts.not_sent);
    const said = element("p", "", trouble.textContent);
    news.replaceChildren(said);
  }
  async function finish() {
    try { await limited(page.dataset.end, { method: "POST", headers: { "X-Chat-Token": token } }); } catch { return say(trouble, texts.offline); }
    ended = true;
    clearTimeout(timer);
    pending = [];
    try { sessionStorage.removeItem(store); } catch { /* nothing was kept */ }
    tell({ end: true });
    say(notice, texts.ended_now);
    document.getElementById("end").hidden = true;
  }

  if (form) {
    form.addEventListener("submit", write);
    box.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); form.requestSubmit(document.getElementById("send")); }
    });
    box.addEventListener("input", () => {
      typedAt = Date.now();
      if (Date.now() - toldTyping > 3000) { toldTyping = Date.now(); now(); }
    });
  }
  document.addEventListener("visibilitychange", now);
  window.addEventListener("online", () => { say(trouble, ""); fails = 0; now(); flush(); });
  window.addEventListener("offline", () => say(trouble, texts.offline));
  window.addEventListener("pagehide", () => {
    const body = new FormData();
    body.set("token", token);
    navigator.sendBeacon(page.dataset.leave, body);
  });
  window.addEventListener("message", (event) => {
    if (!parent || event.origin !== parent || event.source !== window.parent || !event.data || event.data.ticketctl !== page.dataset.source) return;
    if (event.data.kept) takeBack(event.data.kept);
    if (event.data.shown) { now(); if (box) box.focus(); }
    if (event.data.start) now();
  });
  lines.scrollTop = lines.scrollHeight;
  if (parent) tell({ ready: true });
  else if (window.parent === window) {
    try { takeBack(JSON.parse(sessionStorage.getItem(store) || "null")); } catch { /* nothing was kept */ }
  }
  soon(parent ? 1 : 2);
})();
