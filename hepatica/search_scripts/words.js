// Words: how a text is cut into them, how British and American spelling become one, how far two words are apart.
(() => {
  const WORD = /[\p{L}\p{N}]+(?:['’&][\p{L}\p{N}]+)*/gu;

  /** Cut a text into words, without accents; `words_of` in search.py does the same. */
  const split = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").replaceAll("’", "'").match(WORD) || [];

  const SPELLINGS = [
    [/'s?$/, ""],
    [/ae|oe/g, "e"],
    [/our(?=(?:s|ed|ing|al|able|ful|less|ist|ite)?$)/, "or"],
    [/is(?=(?:e|es|ed|ing|er|ers|ation|ations|ational)$)/, "iz"],
    [/ys(?=(?:e|es|ed|ing)$)/, "yz"],
    [/([aeiou])ll(?=(?:ed|ing|er|ers)$)/, "$1l"],
    [/tre(?=s?$)/, "ter"],
    [/ence$/, "ense"],
    [/gramme(?=s?$)/, "gram"],
    [/^sulph/, "sulf"],
    [/otic(?=s?$)/, "osis"], // cirrhotic, fibrotic
  ];
  const evened = new Map();
  /** Even out a word: what "oedema" and "edema", "randomised" and "randomized" share. Pages and questions are treated alike. */
  const even = (word) => {
    let found = evened.get(word);
    if (found === undefined) {
      found = SPELLINGS.reduce((text, [from, to]) => text.replace(from, to), word.toLowerCase());
      evened.set(word, found);
    }
    return found;
  };

  /** Damerau-Levenshtein distance (restricted), or `most + 1` when it is more than `most`. */
  const distance = (a, b, most) => {
    if (Math.abs(a.length - b.length) > most) return most + 1;
    let before = [];
    let last = Array.from({ length: b.length + 1 }, (_, index) => index);
    for (let i = 1; i <= a.length; i += 1) {
      const row = [i];
      let least = i;
      for (let j = 1; j <= b.length; j += 1) {
        let cost = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
        if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, before[j - 2] + 1);
        row.push(cost);
        least = Math.min(least, cost);
      }
      if (least > most) return most + 1;
      before = last;
      last = row;
    }
    return last[b.length];
  };

  globalThis.hepaticaSearchWords = { split, even, distance };
})();
