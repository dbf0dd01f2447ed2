// Tables of studies: sort by a column's head, show only one illness. Without script the whole table is there, in its order.
(() => {
  const NUMBER = /\d[\d,]*(?:\.\d+)?/;
  const ORDER = ["low", "some concerns", "high", "unclear", "not rated"]; // risk of bias
  const label = ".hep-cell-label";
  const textOf = (cell) => {
    const copy = cell.cloneNode(true);
    for (const part of copy.querySelectorAll(`${label}, .hep-sub, .hep-ref`)) part.remove();
    return copy.textContent.trim().replace(/\s+/g, " ");
  };

  for (const table of document.querySelectorAll("table.hep-studies")) {
    const body = table.tBodies[0];
    const rows = [...body.rows];
    const heads = [...table.tHead.rows[0].cells];
    const status = document.createElement("p");
    status.className = "hep-hidden";
    status.setAttribute("role", "status");

    // Sorting. The first press sorts in the direction that a reader wants first: newest, most people, lowest risk.
    const keys = {
      Study: [(cell) => Number((textOf(cell).match(/(?:19|20)\d\d/) || [0])[0]), -1],
      People: [(cell) => Number((textOf(cell).match(NUMBER) || ["-1"])[0].replaceAll(",", "")), -1],
      "Risk of bias": [(cell) => ORDER.findIndex((word) => textOf(cell).toLowerCase().startsWith(word)), 1],
    };
    heads.forEach((head, column) => {
      const name = head.textContent.trim();
      if (rows.length < 3) return;
      const [key, first] = keys[name] || [textOf, 1];
      const button = document.createElement("button");
      button.type = "button";
      button.className = "hep-sort";
      button.textContent = name;
      head.querySelector("p").replaceChildren(button);
      button.addEventListener("click", () => {
        const now = head.getAttribute("aria-sort");
        const way = now ? (now === "ascending" ? -1 : 1) : first;
        for (const other of heads) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", way === 1 ? "ascending" : "descending");
        const compare = (a, b) => (a < b ? -way : a > b ? way : 0);
        rows.sort((a, b) => compare(key(a.cells[column]), key(b.cells[column])));
        body.append(...rows);
        status.textContent = `Sorted by ${name}, ${way === 1 ? "ascending" : "descending"}.`;
      });
    });

    // Filter by illness, where the table has more than one.
    const illnesses = new Map();
    const at = heads.findIndex((head) => head.textContent.trim() === "Illness");
    for (const row of at < 0 ? [] : rows) {
      const words = textOf(row.cells[at]).split("; ");
      const kinds = [...row.classList].filter((name) => name.startsWith("hep-is-"));
      kinds.forEach((kind, index) => {
        const known = illnesses.get(kind) || { words: words[index], count: 0 };
        illnesses.set(kind, { words: known.words, count: known.count + 1 });
      });
    }
    const box = table.closest(".table-wrapper") || table;
    if (illnesses.size > 1) {
      const filter = document.createElement("div");
      filter.className = "hep-filter";
      filter.setAttribute("role", "group");
      filter.setAttribute("aria-label", "Show only one illness");
      const add = (words, count, kind) => {
        const button = document.createElement("button");
        button.type = "button";
        const number = document.createElement("strong");
        number.textContent = count;
        button.append(`${words[0].toUpperCase()}${words.slice(1)} `, number);
        button.setAttribute("aria-pressed", String(!kind));
        button.addEventListener("click", () => {
          for (const other of filter.querySelectorAll("button")) other.setAttribute("aria-pressed", String(other === button));
          let shown = 0;
          for (const row of rows) {
            row.hidden = Boolean(kind) && !row.classList.contains(kind);
            shown += Number(!row.hidden);
          }
          status.textContent = `${shown} studies shown.`;
        });
        filter.append(button);
      };
      add("All", rows.length, "");
      const most = [...illnesses].sort((one, other) => other[1].count - one[1].count);
      for (const [kind, { words, count }] of most) add(words, count, kind);
      box.before(filter);
    }
    box.before(status);
  }
})();
