// The contact form works without this. With it: help pages are shown while the subject is typed, files that are too
// large are said before they are sent, a second click sends nothing, and what was written outlives a closed page.
"use strict";
(() => {
  const sent = document.querySelector("[data-sent]");
  const key = (name) => "form " + location.pathname.replace(/\/sent\/.*/, "") + " " + name;
  const kept = (name, value) => {
    try {
      if (value === undefined) return sessionStorage.getItem(key(name));
      if (value === null) sessionStorage.removeItem(key(name)); else sessionStorage.setItem(key(name), value);
    } catch (_error) { /* no storage in this frame */ }
    return null;
  };
  if (sent) kept(sent.dataset.sent, null);
  const form = document.querySelector("form[data-form]");
  if (!form) return;

  const text = form.elements.text;
  const name = form.dataset.form;
  if (!text.value.trim() && kept(name)) text.value = kept(name);
  text.addEventListener("input", () => kept(name, text.value || null));

  const files = form.elements.files;
  const warning = document.getElementById("too-large");
  const tooLarge = () => files
    && Array.from(files.files).reduce((sum, one) => sum + one.size, 0) > Number(form.dataset.largest);
  if (files) files.addEventListener("change", () => { warning.hidden = !tooLarge(); });

  form.addEventListener("submit", (event) => {
    if (event.submitter && event.submitter.name === "look") return;
    if (tooLarge()) { event.preventDefault(); files.focus(); return; }
    if (form.dataset.sending) { event.preventDefault(); return; }
    form.dataset.sending = "yes";
    setTimeout(() => { delete form.dataset.sending; }, 10000);
  });
  window.addEventListener("pageshow", () => { delete form.dataset.sending; });

  const box = document.getElementById("suggestions");
  const subject = form.elements.subject;
  let asked = "";
  let timer = 0;
  const ask = async () => {
    const words = subject.value.trim();
    if (words === asked || words.length < 4) { if (words.length < 4) { box.replaceChildren(); asked = ""; } return; }
    asked = words;
    try {
      const answer = await fetch(form.dataset.help + "?lang=" + document.documentElement.lang + "&q=" + encodeURIComponent(words));
      if (!answer.ok || words !== asked) return;
      show((await answer.json()).pages);
    } catch (_error) { /* the form works without */ }
  };
  const show = (pages) => {
    box.replaceChildren();
    if (!pages.length) return;
    const title = document.createElement("p");
    title.textContent = box.dataset.title;
    const list = document.createElement("ul");
    for (const page of pages) {
      const link = document.createElement("a");
      link.href = page.address; link.target = "_blank"; link.rel = "noopener"; link.textContent = page.title;
      const more = document.createElement("span");
      more.className = "sr"; more.textContent = " (" + box.dataset.more + ")";
      link.append(more);
      const item = document.createElement("li");
      item.append(link); list.append(item);
    }
    box.append(title, list);
  };
  subject.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 300); });
})();
