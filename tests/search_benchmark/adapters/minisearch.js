// MiniSearch as its manual begins: its own words and weights, beginnings of words, and letters that are wrong.
globalThis.adapter = {
  load: async ({ script }) => {
    await script("/bench/search-library.js");
    await script("/bench/sections.js");
    const { MiniSearch } = globalThis.hepaticaSearchLibrary;
    globalThis.engine = new MiniSearch({ fields: ["title", "heading", "text"], storeFields: ["address"] });
    globalThis.engine.addAll(globalThis.benchSections);
  },
  search: (query) =>
    globalThis.engine.search(query, { prefix: true, fuzzy: 0.2, boost: { title: 2 } }).map(({ address }) => address),
  snippets: () => {}, // the texts are there already
};
