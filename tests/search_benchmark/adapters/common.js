// What all adapters share: loading a classic script, and measuring one engine. An adapter has `load`; `search(query, most)`, which
// gives the addresses of results, best first, of which at least the first `most`; and `snippets(addresses)`, which loads what
// the texts under these results need.
globalThis.bench = {
  script: (address) =>
    new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = address;
      script.onload = resolve;
      script.onerror = () => reject(new Error(`${address} was not loaded`));
      document.head.append(script);
    }),

  load: () => globalThis.adapter.load(globalThis.bench),

  /** The first search on a device, to the first result: milliseconds, with the loading and the making of the index. */
  first: async (query) => {
    const start = performance.now();
    await globalThis.bench.load();
    await globalThis.adapter.search(query, 1);
    return performance.now() - start;
  },

  /** The rest that a list of ten pages with snippets needs. */
  ten: async (query) => {
    const addresses = await globalThis.adapter.search(query, 10);
    const pages = new Map(addresses.map((address) => [address.replace(/#.*/, ""), address]));
    await globalThis.adapter.snippets([...pages.values()].slice(0, 10), globalThis.bench);
  },

  /** All questions, one after the other: milliseconds to a list of ten, and the addresses of all results. */
  all: async (queries) => {
    const found = [];
    for (const query of queries) {
      const start = performance.now();
      await globalThis.adapter.search(query, 10);
      const ms = performance.now() - start;
      found.push({ ms, addresses: await globalThis.adapter.search(query, Infinity) });
    }
    return found;
  },
};
