// Orama with its own settings, one wrong letter a word, and the title counting more.
globalThis.adapter = {
  load: async ({ script }) => {
    await script("/bench/sections.js");
    globalThis.orama = await import("/bench/orama/index.js");
    const schema = { title: "string", heading: "string", text: "string" };
    globalThis.engine = globalThis.orama.create({ schema });
    await globalThis.orama.insertMultiple(
      globalThis.engine,
      globalThis.benchSections.map((section) => ({ ...section, id: String(section.id) })),
    );
  },
  search: async (term) => {
    const limit = globalThis.benchSections.length; // a page has many sections, and its ten results are not ten pages
    const { hits } = await globalThis.orama.search(globalThis.engine, { term, tolerance: 1, boost: { title: 2 }, limit });
    return hits.map(({ document }) => document.address);
  },
  snippets: () => {}, // the texts are there already
};
