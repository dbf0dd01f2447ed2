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
    if (card && !card.contains(event.target) && !event.target.closest(".hep-ref")) hide();
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

  // A link into something closed opens it; paper shows everything.
  const openTarget = () => {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    let closed = target && target.closest("details:not([open])");
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

  // A source mark shows its entry beside it: on hover, on focus, on the first tap. Enter, or a second tap, goes to the entry.
  let card = null;
  let owner = null;
  let timer = 0;
  const hide = () => {
    clearTimeout(timer);
    card?.remove();
    card = owner = null;
  };
  const hideSoon = () => {
    clearTimeout(timer);
    timer = setTimeout(hide, 250);
  };
  const show = (mark) => {
    clearTimeout(timer);
    if (owner === mark) return;
    hide();
    const entry = document.getElementById(mark.hash.slice(1));
    if (!entry) return;
    owner = mark;
    card = document.createElement("div");
    card.className = "hep-card";
    card.append(...entry.cloneNode(true).childNodes);
    card.querySelector(".hep-source-back")?.remove();
    for (const copy of all("[id]", card)) copy.removeAttribute("id");
    card.addEventListener("pointerenter", () => clearTimeout(timer));
    card.addEventListener("pointerleave", hideSoon);
    article.append(card);
    const page = article.getBoundingClientRect();
    const line = mark.getBoundingClientRect();
    const { width, height } = card.getBoundingClientRect();
    const above = line.bottom + height + 12 > innerHeight && line.top - height - 12 > 60;
    card.style.left = `${Math.max(0, Math.min(line.left - page.left - 16, page.width - width))}px`;
    card.style.top = `${(above ? line.top - height - 6 : line.bottom + 6) - page.top}px`;
  };
  for (const mark of all("a.hep-ref", article)) {
    let touched = false;
    mark.addEventListener("pointerenter", (event) => event.pointerType === "mouse" && show(mark));
    mark.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && hideSoon());
    mark.addEventListener("pointerdown", (event) => (touched = event.pointerType !== "mouse" && owner !== mark));
    mark.addEventListener("focus", () => show(mark));
    mark.addEventListener("blur", hideSoon);
    mark.addEventListener("click", (event) => {
      if (touched) event.preventDefault();
      if (touched) show(mark);
      else hide();
      touched = false;
    });
  }
})();
