/* For a shop's own page: <script src="https://support.example.se/static/chat-button.js" data-chat="shop" async></script>
   A button outside of any frame; the frame is made when it is first pressed. Before that nothing is asked for and
   nothing stored. The page keeps the conversation for the frame, in which browsers keep nothing. */
"use strict";
(() => {
  const script = document.currentScript;
  const name = script.dataset.chat;
  const home = new URL("../", script.src).href.replace(/\/$/, "");
  const origin = new URL(script.src).origin;
  const swedish = (script.dataset.language || document.documentElement.lang || navigator.language || "").startsWith("sv");
  const texts = swedish ? ["Chatta med oss", "Stäng chatten", "nytt svar"] : ["Chat with us", "Close the chat", "new answer"];
  const label = script.dataset.label || texts[0];
  const key = `ticketctl chat ${home} ${name}`;
  let frame = null, panel = null, button = null, ready = false;

  const kept = () => { try { return JSON.parse(localStorage.getItem(key) || "null"); } catch { return null; } };
  function keep(what) {
    try { if (what) localStorage.setItem(key, JSON.stringify(what)); else localStorage.removeItem(key); } catch { /* it lasts as long as the page */ }
  }
  function openOnNextPage(yes) {
    try { if (yes) sessionStorage.setItem(key, "open"); else sessionStorage.removeItem(key); } catch { /* then it is not */ }
  }
  function wasOpen() { try { return sessionStorage.getItem(key) === "open" && Boolean(kept()); } catch { return false; } }

  function style(element, given) { Object.assign(element.style, given); return element; }
  function dress(element) {
    return style(element, {
      font: "600 16px/1.2 system-ui, sans-serif", color: "#fff", background: "#0b5cad", border: "2px solid #fff",
      borderRadius: "24px", padding: "12px 18px", cursor: "pointer", minHeight: "44px", boxShadow: "0 2px 8px rgba(0,0,0,.35)",
    });
  }
  function begin() {
    button = dress(document.createElement("button"));
    button.type = "button";
    button.textContent = label;
    button.setAttribute("aria-expanded", "false");
    style(button, { position: "fixed", right: "16px", bottom: "16px", zIndex: "2147483000" });
    button.addEventListener("click", () => show(!panel || panel.hidden));
    document.body.append(button);
    if (wasOpen()) show(true, true);
  }
  function make() {
    panel = style(document.createElement("div"), {
      position: "fixed", right: "8px", bottom: "76px", width: "min(400px, calc(100vw - 16px))", height: "min(620px, calc(100vh - 92px))",
      zIndex: "2147483000", borderRadius: "12px", overflow: "hidden", boxShadow: "0 4px 24px rgba(0,0,0,.4)", background: "Canvas",
    });
    frame = style(document.createElement("iframe"), { border: "0", width: "100%", height: "100%", display: "block" });
    frame.title = label;
    frame.src = `${home}/chat/${encodeURIComponent(name)}?frame=1&lang=${swedish ? "sv" : "en"}#${encodeURIComponent(location.origin)}`;
    panel.append(frame);
    document.body.append(panel);
    document.addEventListener("keydown", (event) => { if (event.key === "Escape" && !panel.hidden) { show(false); button.focus(); } });
  }
  function show(yes, quietly) {
    if (yes && !panel) make();
    panel.hidden = !yes;
    panel.style.display = yes ? "block" : "none";
    button.textContent = yes ? texts[1] : label;
    button.setAttribute("aria-expanded", String(yes));
    openOnNextPage(yes);
    if (yes && !quietly) tell({ shown: true });
  }
  function tell(message) { if (ready) frame.contentWindow.postMessage({ ticketctl: name, ...message }, origin); }

  window.addEventListener("message", (event) => {
    if (event.origin !== origin || !frame || event.source !== frame.contentWindow || !event.data || event.data.ticketctl !== name) return;
    if (event.data.ready) { ready = true; tell({ kept: kept(), start: true, shown: !panel.hidden }); }
    if (event.data.keep) keep(event.data.keep);
    if (event.data.end) { keep(null); openOnNextPage(false); }
    if (event.data.unread && panel.hidden) button.textContent = `${label} (${texts[2]})`;
  });
  if (document.body) begin(); else document.addEventListener("DOMContentLoaded", begin);
})();
