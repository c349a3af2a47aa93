// Comfort only: every page works without it.
(() => {
  "use strict";

  // An address with a piece of a text in its fragment alone (/reports/7#c1523-1561): the server marks it where it is asked to.
  const marked = () => {
    const named = /^#(c(\d+-\d+))$/.exec(location.hash);
    if (!named || !document.querySelector(".text") || document.getElementById(named[1])) return;
    const address = new URL(location.href);
    if (address.searchParams.get("c") === named[2]) return;
    address.searchParams.set("c", named[2]);
    location.replace(address);
  };

  // The outline is open where there is room beside the text.
  const opened = () => {
    const outline = document.querySelector(".outline details");
    if (outline && matchMedia("(min-width: 64rem)").matches) outline.open = true;
  };

  // What was read from a figure, without leaving the text.
  const shown = async (link) => {
    const dialog = document.getElementById("read");
    const response = await (window.reportbotFetch || fetch)(link.href);
    if (!response.ok) { location.assign(link.href); return; }
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    dialog.lastElementChild.replaceChildren(...page.querySelectorAll("article.figure"));
    dialog.showModal();
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.f");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey && document.getElementById("read")) {
      event.preventDefault();
      event.stopPropagation();
      shown(link).catch(() => location.assign(link.href));
    } else if (event.target.id === "read") {
      event.target.close();
    }
  }, true);
  document.addEventListener("reportbot:page", () => { marked(); opened(); });
  addEventListener("hashchange", marked);
  marked();
  opened();
})();
