// Mends the words of a question that no page has, by how they look and how they sound.
(() => {
  const { even, distance } = globalThis.hepaticaSearchWords;

  // How much of a word may be wrong, and what a likeness is worth, in parts of its length. Found by trying on misspelt questions.
  const SOUNDS_THE_SAME = 0.2;
  const BEGINS_OTHERWISE = 0.1;
  const OFTEN_USED = 0.15;
  const SHORTEST = 4; // letters of a word that was run together with another
  const MOST_WRONG = 0.25;

  /**
   * Make a mender of the words that there are.
   *
   * `vocabulary`: a map from evened words to {word, stem, count}. Returns `correct(words, keep)`: the words, each that is not
   * known and not to be kept put right where a known one is near enough; words run together or torn apart are mended too.
   */
  const create = (vocabulary, stem, doubleMetaphone) => {
    const stems = new Set([...vocabulary.values()].map((one) => one.stem));
    const isKnown = (word) => vocabulary.has(even(word)) || stems.has(stem(word));

    const soundsOf = (word) => [...new Set(doubleMetaphone(word))].filter(Boolean);
    const bySound = new Map();
    const byLength = [];
    for (const evened of vocabulary.keys()) {
      if (evened.length < 3 || /\d/.test(evened)) continue;
      (byLength[evened.length] ||= []).push(evened);
      for (const sound of soundsOf(evened)) {
        if (!bySound.has(sound)) bySound.set(sound, []);
        bySound.get(sound).push(evened);
      }
    }

    const nearest = (evened) => {
      const length = evened.length;
      if (length < 4 || /\d/.test(evened)) return null;
      const most = length <= 5 ? 1 : length <= 8 ? 2 : 3;
      let best = null;
      const consider = (other, same, limit) => {
        const steps = distance(evened, other, limit);
        if (steps > limit) return;
        const wrong =
          steps / Math.max(length, other.length) -
          (same ? SOUNDS_THE_SAME : 0) +
          (same || other[0] === evened[0] ? 0 : BEGINS_OTHERWISE);
        if (wrong >= MOST_WRONG) return;
        const cost = wrong - Math.min(OFTEN_USED, Math.log10(1 + vocabulary.get(other).count) * 0.35 * OFTEN_USED);
        if (!best || cost < best.cost) best = { cost, other };
      };
      const alike = new Set(soundsOf(evened).flatMap((sound) => bySound.get(sound) || []));
      for (const other of alike) consider(other, true, length <= 5 ? most : Math.ceil(length / 2));
      for (let size = length - most; size <= length + most; size += 1) {
        for (const other of byLength[size] || []) if (!alike.has(other)) consider(other, false, most);
      }
      return best && vocabulary.get(best.other).word;
    };
    const mended = new Map();
    const mend = (word) => {
      const evened = even(word);
      if (!mended.has(evened)) mended.set(evened, nearest(evened));
      return mended.get(evened);
    };
    const isUsed = (evened) => (vocabulary.get(evened)?.count || 0) > 2;
    /** Take two words apart that were run together; `put` may mend a part. */
    const takeApart = (word, put) => {
      const evened = even(word);
      for (let at = SHORTEST; at <= evened.length - SHORTEST; at += 1) {
        const parts = [evened.slice(0, at), evened.slice(at)];
        const found = parts.map((one) => (isUsed(one) ? vocabulary.get(one).word : put(one)));
        if (parts.some(isUsed) && found.every(Boolean)) return found;
      }
      return null;
    };

    return (words, keep) => {
      const found = [];
      for (let index = 0; index < words.length; index += 1) {
        const [word, next] = [words[index], words[index + 1]];
        const torn = next && next.length > 2 && (word.length > 2 || (word.length > 1 && !isKnown(next)));
        if (torn && vocabulary.has(even(word + next))) {
          found.push(word + next);
          index += 1;
        } else if (keep(word) || isKnown(word) || /^\d/.test(word)) {
          found.push(word);
        } else {
          const whole = takeApart(word, () => null) || [mend(word)];
          found.push(...(whole[0] ? whole : takeApart(word, mend) || [word]));
        }
      }
      return found;
    };
  };

  globalThis.hepaticaSearchSpelling = { create };
})();
