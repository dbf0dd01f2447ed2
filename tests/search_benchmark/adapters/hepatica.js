// The site's search: the script of all pages, the index, and the engine made as that script makes it.
globalThis.adapter = {
  load: async ({ script }) => {
    await script("/html/_static/search.js");
    await script("/html/search/index.js");
    globalThis.engine = globalThis.hepaticaSearchEngine.create(globalThis.hepaticaSearchData, globalThis.hepaticaSearchLibrary);
  },
  search: (query) => globalThis.engine.search(query).results.map(({ url }) => `/${url}`),
  snippets: (addresses, { script }) => {
    const names = addresses.map((address) => address.slice(1).replace(/\.html.*/, "").replaceAll("/", "."));
    return Promise.all([...new Set(names)].map((name) => script(`/html/search/text/${name}.js`)));
  },
};
