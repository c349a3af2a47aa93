// The Mini App: sends what Telegram signed with every request, and shows the pages inside this one.
// What Telegram starts it with stands in the fragment: https://core.telegram.org/bots/webapps and docs.telegram-mini-apps.com
(() => {
  "use strict";
  const prefix = document.body.dataset.prefix;
  const wait = document.getElementById("wait");
  const kept = "reportbot:start";
  const fragment = location.hash.includes("tgWebAppData=") ? location.hash : sessionStorage.getItem(kept) || "";
  const start = new URLSearchParams(fragment.slice(1));
  const signed = start.get("tgWebAppData");
  if (!signed) { location.replace(wait.dataset.plain); return; }
  try { sessionStorage.setItem(kept, fragment); } catch { /* it lasts as long as the page */ }

  const post = (eventType, eventData = {}) => {
    const data = JSON.stringify(eventData);
    if (window.TelegramWebviewProxy) window.TelegramWebviewProxy.postEvent(eventType, data);
    else if (window.external && "notify" in window.external) window.external.notify(JSON.stringify({ eventType, eventData }));
    else if (window.parent !== window) window.parent.postMessage(JSON.stringify({ eventType, eventData }), "https://web.telegram.org");
  };

  // Telegram's colours take the place of ours.
  const names = {
    bg_color: ["--paper"], secondary_bg_color: ["--card"], text_color: ["--ink"], link_color: ["--link"],
    button_color: ["--button"], button_text_color: ["--button-ink"], subtitle_text_color: ["--faint"],
  };
  const coloured = () => {
    let theme = {};
    try { theme = JSON.parse(start.get("tgWebAppThemeParams") || "{}"); } catch { return; }
    for (const [name, properties] of Object.entries(names)) {
      if (/^#[0-9a-f]{6}$/i.test(theme[name])) properties.forEach((one) => document.documentElement.style.setProperty(one, theme[name]));
    }
    if (/^#[0-9a-f]{6}$/i.test(theme.bg_color)) {
      const [red, green, blue] = [1, 3, 5].map((at) => parseInt(theme.bg_color.slice(at, at + 2), 16));
      const dark = 0.299 * red + 0.587 * green + 0.114 * blue < 128;
      document.documentElement.style.setProperty("color-scheme", dark ? "dark" : "light");
      document.documentElement.style.setProperty("--mark", dark ? "#6b5310" : "#ffe9a8");
      document.documentElement.style.setProperty("--mark-ink", dark ? "#fff7de" : "#1d2733");
    }
  };

  window.reportbotFetch = (address) => fetch(address, { headers: { Authorization: `tma ${signed}` }, credentials: "omit" });

  const inside = (address) => `${prefix}/app${address.pathname.slice(prefix.length)}${address.search}`;
  const outside = (address) => new URL(`${prefix}${address.pathname.slice(prefix.length + "/app".length) || "/"}${address.search}`, location.origin);

  let asked = 0;
  const show = async (address, anchor) => {
    const mine = ++asked;
    const response = await window.reportbotFetch(address);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (mine !== asked) return; // somebody went on (or back) before this page came
    const main = page.querySelector("main");
    if (!response.ok && response.status === 401) {
      wait.textContent = wait.dataset.failed;
      document.querySelector("main").replaceChildren(wait, ...main.querySelectorAll(".failed"));
      return;
    }
    // Pictures come with the signed data, too: they are fetched, not loaded by their address.
    const pictures = [...main.querySelectorAll("img")].map((picture) => [picture, picture.getAttribute("src")]);
    pictures.forEach(([picture]) => picture.removeAttribute("src"));
    // The links of figures begin at their report, which is elsewhere seen from here.
    for (const link of main.querySelectorAll("a.f")) link.href = new URL(link.getAttribute("href"), new URL(address, location.href)).href;
    document.title = page.title;
    document.querySelector("main").replaceWith(main);
    document.querySelector("header.top").replaceWith(page.querySelector("header.top"));
    for (const [picture, source] of pictures) {
      window.reportbotFetch(source).then((found) => found.blob()).then((blob) => { picture.src = URL.createObjectURL(blob); });
    }
    document.dispatchEvent(new Event("reportbot:page"));
    const to = anchor && document.getElementById(anchor);
    if (to) to.scrollIntoView({ block: "center" });
    else { scrollTo(0, 0); main.focus({ preventScroll: true }); }
  };

  const go = (address) => {
    const anchor = address.hash.slice(1);
    history.pushState({ anchor }, "", inside(address));
    return show(address, anchor);
  };

  const keep = async (link) => {
    const response = await window.reportbotFetch(link.href);
    const made = document.createElement("a");
    made.href = URL.createObjectURL(await response.blob());
    made.download = decodeURIComponent((response.headers.get("content-disposition") || "").split("utf-8''")[1] || "file");
    made.click();
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || event.defaultPrevented || link.origin !== location.origin || link.protocol === "blob:") return;
    const address = new URL(link.href);
    if (link.getAttribute("href").startsWith("#")) {
      event.preventDefault();
      document.getElementById(address.hash.slice(1))?.scrollIntoView();
    } else if (link.hasAttribute("download") || address.pathname.endsWith(".png")) {
      event.preventDefault();
      keep(link);
    } else {
      event.preventDefault();
      go(address);
    }
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "get") return;
    event.preventDefault();
    const address = new URL(form.action);
    const asked = new URLSearchParams(new FormData(form));
    address.search = asked.toString();
    go(address);
  });
  addEventListener("popstate", (event) => show(outside(new URL(location.href)), event.state && event.state.anchor));

  coloured();
  post("web_app_ready");
  post("web_app_expand");
  const first = outside(new URL(location.href));
  const named = first.searchParams.get("c");
  const anchor = named ? `c${named.split(",")[0]}` : "";
  history.replaceState({ anchor }, "", inside(first));
  show(first, anchor);
})();
