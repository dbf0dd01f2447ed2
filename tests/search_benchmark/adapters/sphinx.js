// Sphinx's own search, with the scripts that its search page loads.
globalThis.adapter = {
  load: async ({ script }) => {
    const own = ["documentation_options", "doctools", "sphinx_highlight", "base-stemmer", "english-stemmer", "language_data", "searchtools"];
    for (const name of own) await script(`/bench/sphinx/_static/${name}.js`);
    await script("/bench/sphinx/searchindex.js");
  },
  // The results come worst first, since Sphinx takes them from the end.
  search: (query) =>
    Search._performSearch(...Search._parseQuery(query))
      .reverse()
      .map(([name]) => `/${name}.html`),
  // For a snippet Sphinx loads the whole page.
  snippets: (addresses) => Promise.all([...new Set(addresses)].map((address) => fetch(`/bench/sphinx${address}`).then((page) => page.text()))),
};
