// The search of the pages: suggestions under a search field, and the results on the search page. What finds them is in
// search/index.js, which is loaded when a reader first turns to a search field.
(() => {
  const root = new URL("../", document.currentScript.src);
  const SHOWN = 10;
  const LEVELS = { call: "call an ambulance now", hospital: "go to a hospital at once", ring: "ring the team" };

  const load = (path) =>
    new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = new URL(path, root);
      script.onload = resolve;
      script.onerror = () => reject(new Error(path));
      document.head.append(script);
    });
  let engine = null;
  const ready = () =>
    (engine ||= load("search/index.js")
      .then(() => globalThis.hepaticaSearchEngine.create(globalThis.hepaticaSearchData, globalThis.hepaticaSearchLibrary))
      .catch((error) => {
        engine = null; // the next try asks again
        throw error;
      }));
  const texts = new Map();
  const arrived = new Map();
  globalThis.hepaticaSearchText = (name, sections) => arrived.set(name, sections);
  const textOf = (name) => {
    if (!texts.has(name)) {
      texts.set(
        name,
        load(`search/text/${name.replaceAll("/", ".")}.js`).then(
          () => arrived.get(name),
          () => null, // a result without a snippet is still a result
        ),
      );
    }
    return texts.get(name);
  };

  /** Make an element; text is never taken for markup. */
  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };
  const capital = (text) => text[0].toUpperCase() + text.slice(1);
  const link = (url) => new URL(url, root).href;

  // -- Suggestions under a field ---------------------------------------------------------------------------------------------

  const suggest = (field, number) => {
    const list = make("ul", { id: `hep-suggestions-${number}`, role: "listbox", "aria-label": "Suggestions", class: "hep-suggestions" });
    const told = make("span", { role: "status", class: "hep-hidden" });
    list.hidden = true;
    field.parentElement.append(list, told);
    for (const [name, value] of [
      ["role", "combobox"],
      ["aria-autocomplete", "list"],
      ["aria-expanded", "false"],
      ["aria-controls", list.id],
      ["autocomplete", "off"],
    ])
      field.setAttribute(name, value);
    let active = -1;
    const choose = (index) => {
      const options = [...list.children];
      active = options.length ? (index + options.length) % options.length : -1;
      options.forEach((option, at) => option.setAttribute("aria-selected", String(at === active)));
      if (active < 0) field.removeAttribute("aria-activedescendant");
      else {
        field.setAttribute("aria-activedescendant", options[active].id);
        options[active].scrollIntoView({ block: "nearest" });
      }
    };
    const close = () => {
      list.hidden = true;
      active = -1;
      field.setAttribute("aria-expanded", "false");
      field.removeAttribute("aria-activedescendant");
    };
    const option = (kind, url, title, more) => {
      const item = make(
        "li",
        { id: `${list.id}-${list.children.length}`, role: "option", "aria-selected": "false", class: `hep-suggestion-${kind}` },
        make("span", { class: "hep-suggestion-title" }, title),
        " ",
        make("span", { class: "hep-suggestion-more" }, more),
      );
      item.dataset.url = link(url);
      list.append(item);
    };
    let latest = 0;
    const update = async () => {
      const query = field.value;
      const mine = ++latest;
      if (!query.trim()) return close();
      let found;
      try {
        found = (await ready()).search(query, { typing: true });
      } catch {
        return close(); // the form still leads to the search page, which says what is wrong
      }
      if (mine !== latest || document.activeElement !== field) return;
      list.replaceChildren();
      for (const { url, title, level } of found.emergencies.slice(0, 1)) option("now", url, `${title}:`, LEVELS[level]);
      for (const { url, term, plain } of found.definitions.slice(0, 1)) option("term", url, capital(term), plain);
      for (const { url, title, in: where } of found.results.slice(0, 6)) option("page", url, title, where);
      active = -1;
      field.removeAttribute("aria-activedescendant");
      list.hidden = !list.children.length;
      field.setAttribute("aria-expanded", String(!list.hidden));
      const emergency = found.emergencies.length ? `Emergency. ${list.children[0].textContent}. ` : "";
      const count = list.children.length;
      told.textContent = `${emergency}${count === 1 ? "1 suggestion" : `${count} suggestions`}`;
    };
    field.addEventListener("focus", () => ready().catch(() => {}));
    field.addEventListener("input", update);
    field.addEventListener("blur", () => setTimeout(close, 150));
    field.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !list.hidden) {
        event.preventDefault(); // or the browser empties the field
        close();
      } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (list.hidden) update();
        else if (event.key === "ArrowDown") choose(active + 1);
        else choose(active < 0 ? -1 : active - 1);
      } else if (event.key === "Enter" && active >= 0) {
        event.preventDefault();
        location.assign(list.children[active].dataset.url);
      }
    });
    list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
    list.addEventListener("click", (event) => {
      const item = event.target.closest("li");
      if (item) location.assign(item.dataset.url);
    });
  };

  // -- The search page ---------------------------------------------------------------------------------------------------------

  const showResults = (field) => {
    const [status, now, meaning, results] = ["status", "now", "meaning", "results"].map((name) =>
      document.getElementById(`search-${name}`),
    );
    const plainTitle = document.title;
    const alert = document.querySelector(".hep-danger svg");

    const pin = ({ title, level, act, url }, numbers) => {
      const heading = make("h2", { class: "hep-now-title" }, make("span", {}, title));
      if (alert) heading.prepend(alert.cloneNode(true));
      const body = make("div", { class: "hep-now-body" }, make("p", {}, act));
      if (level !== "ring") {
        const calls = numbers.map(([number, place]) =>
          make("a", { class: "hep-call", href: `tel:${number}` }, make("strong", {}, number), " ", make("span", {}, place)),
        );
        body.append(make("p", { class: "hep-calls" }, ...calls));
      }
      body.append(make("p", {}, make("a", { href: url }, "What to do, what to say, and more numbers")));
      return make("section", { class: "hep-now hep-pin", "aria-label": `Emergency: ${title}` }, heading, body);
    };
    const advice = (label, text) => (text ? [make("p", {}, make("strong", {}, label), ` ${text}`)] : []);
    const define = ({ term, short, say, plain, act, keep, url }) =>
      make(
        "section",
        { class: "hep-meaning", "aria-label": `Meaning of ${term}` },
        make(
          "p",
          { class: "hep-meaning-title" },
          make("strong", {}, capital(term)),
          short ? ` (${short}) ` : " ",
          make("span", { class: "hep-term-say" }, `Say: ${say}`),
        ),
        make("p", {}, plain),
        ...advice("What to do:", act),
        ...advice("Important:", keep),
        make("p", { class: "hep-term-more" }, "Draft, not yet reviewed. ", make("a", { href: url }, "More in the glossary")),
      );
    const result = (found, roots, search) => {
      const item = make("li");
      if (found.in) item.append(make("p", { class: "hep-found-in" }, found.in));
      item.append(make("a", { href: found.url }, found.title));
      if (found.heading) item.append(make("p", { class: "hep-found-section" }, `Section: ${found.heading}`));
      const snippet = make("p", { class: "hep-found-text" });
      item.append(snippet);
      textOf(found.name).then((sections) => {
        for (const [text, marked] of search.snippet(sections?.[found.section] || "", roots)) {
          snippet.append(marked ? make("mark", {}, text) : text);
        }
      });
      return item;
    };

    let shown = "";
    const show = async (query, exact, typing) => {
      const asked = query.trim();
      const key = `${asked}|${exact}|${typing}`;
      if (key === shown) return;
      shown = key;
      document.title = asked ? `${asked} - ${plainTitle}` : plainTitle;
      if (!asked) {
        for (const part of [status, now, meaning, results]) part.replaceChildren();
        return;
      }
      if (!results.children.length) status.textContent = "Getting the search ready …";
      let search;
      try {
        search = await ready();
      } catch {
        status.textContent = "The search could not be loaded. “Contents”, at the top, lists every page; the glossary explains the words.";
        return;
      }
      if (key !== shown) return;
      const found = search.search(query, { exact, typing });
      const count = found.results.length;
      now.replaceChildren(...found.emergencies.slice(0, 2).map((one) => pin(one, globalThis.hepaticaSearchData.numbers)));
      meaning.replaceChildren(...found.definitions.slice(0, 2).map(define));
      const danger = found.emergencies.map(({ title, act }) => `Emergency: ${title}. ${act} `).join("");
      const words = found.corrected || asked;
      status.replaceChildren(
        make("span", { class: "hep-hidden" }, danger),
        count ? `${count === 1 ? "1 page" : `${count} pages`} for ` : "Nothing found for ",
        make("strong", {}, `“${words}”`),
        count ? "." : ". Try one word, or another word for the same thing; or look in “Contents”, at the top.",
      );
      if (found.corrected) {
        const address = `?${new URLSearchParams({ q: asked, exact: "1" })}`;
        status.append(` You typed “${asked}”: `, make("a", { href: address, rel: "nofollow" }, "search for exactly that"), ".");
      }
      const list = make("ol", { class: "hep-found" });
      const more = make("button", { type: "button", class: "hep-found-more" }, "Show more pages");
      let next = 0;
      const add = () => {
        const first = next;
        for (const one of found.results.slice(next, next + SHOWN)) list.append(result(one, found.roots, search));
        next += SHOWN;
        more.hidden = next >= count;
        if (first) list.children[first].querySelector("a").focus();
      };
      more.addEventListener("click", add);
      add();
      results.replaceChildren(list, more);
    };

    const read = () => new URLSearchParams(location.search);
    const fromAddress = () => {
      field.value = read().get("q") || "";
      show(field.value, read().get("exact") === "1", false);
    };
    const keep = (method) => history[method](null, "", `?${new URLSearchParams({ q: field.value })}`);
    let timer = 0;
    field.addEventListener("focus", () => ready().catch(() => {}));
    field.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        keep("replaceState");
        show(field.value, false, true);
      }, 120);
    });
    field.form.addEventListener("submit", (event) => {
      event.preventDefault();
      clearTimeout(timer);
      keep("pushState");
      show(field.value, false, false);
    });
    addEventListener("popstate", fromAddress);
    fromAddress();
  };

  const page = document.getElementById("search-results");
  const fields = [...document.querySelectorAll('input[type="search"]')];
  if (page) showResults(fields[0]);
  else fields.forEach(suggest);
})();
