// What the pages do beyond links and <details>. Everything works without it.
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const article = document.querySelector("article");
  if (!article) return;

  // Contents sheet and "On this page": Escape and a press outside close them; a phone shows only the section you are in.
  const sheets = all(".hep-menu, .hep-toc");
  if (matchMedia("(max-width: 43.99em)").matches) {
    for (const section of all(".hep-menu-section")) section.open = Boolean(section.querySelector("[aria-current]"));
  }
  document.addEventListener("pointerdown", (event) => {
    for (const sheet of sheets) if (!sheet.contains(event.target)) sheet.open = false;
    if (card && !card.contains(event.target) && !event.target.closest(".hep-ref, .hep-term")) hide();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    hide();
    for (const sheet of sheets.filter((one) => one.open)) {
      sheet.open = false;
      sheet.querySelector("summary").focus();
    }
  });
  for (const link of all(".hep-toc a")) link.addEventListener("click", () => (link.closest("details").open = false));

  // What scrolls sideways can be reached and scrolled with the keyboard.
  all(".table-wrapper", article).forEach((box, index) => {
    if (box.scrollWidth <= box.clientWidth) return;
    box.tabIndex = 0;
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", box.querySelector("caption")?.textContent || `Table ${index + 1}`);
  });

  // A long list of sources is folded, unless the address leads into it: each mark shows its own entry anyway.
  const asked = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (const fold of all("details.hep-fold", article)) fold.open = Boolean(asked && fold.contains(asked));

  // A link into something closed opens it, and so does one to the section that is all clinicians' layer; paper shows everything.
  const openTarget = () => {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    let closed = target && (target.querySelector(":scope > details.hep-pro:not([open])") || target.closest("details:not([open])"));
    if (!closed) return;
    for (; closed; closed = closed.parentElement.closest("details:not([open])")) closed.open = true;
    target.scrollIntoView();
  };
  addEventListener("hashchange", openTarget);
  openTarget();
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = all("details:not([open])", article);
    for (const details of opened) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of opened) details.open = false;
  });

  // A source mark shows its entry, a word of the glossary its meaning: on hover, on focus, on the first tap. Enter, or a second
  // tap, goes there. The card stands under the word's last line, or over its first where there is no room; never on the word.
  const words = document.querySelector("template.hep-words");
  let card = null;
  let owner = null;
  let timer = 0;
  const hide = () => {
    clearTimeout(timer);
    card?.remove();
    owner?.removeAttribute("aria-describedby");
    card = owner = null;
  };
  const hideSoon = () => {
    clearTimeout(timer);
    timer = setTimeout(hide, 250);
  };
  const explanation = (link) =>
    link.dataset.note
      ? words?.content.querySelector(`[data-note="${link.dataset.note}"]`)
      : document.getElementById(link.hash.slice(1));
  const show = (link) => {
    clearTimeout(timer);
    if (owner === link) return;
    hide();
    const entry = explanation(link);
    if (!entry) return;
    owner = link;
    card = document.createElement("div");
    card.className = link.dataset.note ? "hep-card hep-card-term" : "hep-card";
    card.append(...entry.cloneNode(true).childNodes);
    card.querySelector(".hep-source-back")?.remove();
    for (const copy of all("[id]", card)) copy.removeAttribute("id");
    card.id = "hep-card";
    link.setAttribute("aria-describedby", card.id);
    card.addEventListener("pointerenter", () => clearTimeout(timer));
    card.addEventListener("pointerleave", hideSoon);
    card.addEventListener("focusin", () => clearTimeout(timer));
    article.append(card);
    const page = article.getBoundingClientRect();
    const lines = link.getClientRects();
    const [first, last] = [lines[0], lines[lines.length - 1]];
    const { width, height } = card.getBoundingClientRect();
    const above = last.bottom + height + 12 > innerHeight && first.top - height - 12 > 60;
    const left = (above ? first : last).left;
    card.style.left = `${Math.max(0, Math.min(left - page.left - 16, page.width - width))}px`;
    card.style.top = `${(above ? first.top - height - 6 : last.bottom + 6) - page.top}px`;
  };
  for (const link of all("a.hep-ref, a.hep-term[data-note]", article)) {
    let touched = false;
    link.addEventListener("pointerenter", (event) => event.pointerType === "mouse" && show(link));
    link.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && hideSoon());
    link.addEventListener("pointerdown", (event) => (touched = event.pointerType !== "mouse" && owner !== link));
    link.addEventListener("focus", () => show(link));
    link.addEventListener("blur", () => card?.matches(":hover") || hideSoon());
    link.addEventListener("click", (event) => {
      if (touched) event.preventDefault();
      if (touched) show(link);
      else hide();
      touched = false;
    });
  }
})();
