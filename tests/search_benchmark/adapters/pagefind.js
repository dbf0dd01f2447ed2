// Pagefind as it comes. A result has no address until its fragment is loaded; the fragment holds the text for the snippet too.
globalThis.adapter = {
  load: async () => {
    globalThis.pagefind = await import("/bench/pagefind/pagefind.js");
    await globalThis.pagefind.init();
  },
  search: async (query, most) => {
    const { results } = await globalThis.pagefind.search(query);
    return (await Promise.all(results.slice(0, most).map((one) => one.data()))).map(({ url }) => url);
  },
  snippets: () => {},
};
