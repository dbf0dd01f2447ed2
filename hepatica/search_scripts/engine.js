// Understands a question and finds the pages that answer it. No page is needed to run it: Node runs it as it is.
//
// MiniSearch ranks words. Here a question's words become what it can rank: words that say little go or weigh little, spelling is
// mended, and names, lay words and everyday words that mean the same are looked for together.
(() => {
  const { split, even } = globalThis.hepaticaSearchWords;

  // Found by trying on the questions of the benchmark (tests/search_benchmark), by their hits and not one by one.
  const TUNING = {
    common: 0.08, // what a word that every section has still counts
    light: 0.45, // the same for words like "help" and "before"
    page: { boost: { title: 3, clinical: 2, headings: 0.3, about: 1.2, asked: 0.7, text: 1 } },
    section: { boost: { heading: 2.7, text: 1 } },
    question: {},
    sectionShare: 0.5, // a page's best section, and the nearest of the questions that it answers, beside the page as a whole
    questionShare: 1,
    cover: 0.5, // how much of a score depends on how many of the question's units are met
    kinds: { page: 1, records: 0.75, list: 0.35 }, // pages that explain come before those that list records or pages
    ways: { name: 1, lay: 0.65, same: 0.4, near: 0.4 }, // other ways of saying a unit, by how it was said
    marked: 0.6, // ways that weigh no more are not marked in a snippet
    toLay: 0.6, // the lay words for a name that was asked for
    asked: 0.9, // the glossary's place when a question asks for a meaning, and when it is only a name
    named: 0.75,
  };
  const NOT = /^(?:cannot|cant|can't|not|never|unable|won't|wont|isn't|isnt|doesn't|doesnt|don't|dont|didn't|didnt)$/i;

  const create = (data, { MiniSearch, Stemmer, doubleMetaphone }) => {
    const stemmer = new Stemmer();
    const stems = new Map();
    const stem = (word) => {
      const evened = even(word);
      if (!stems.has(evened)) stems.set(evened, stemmer.stemWord(evened));
      return stems.get(evened);
    };
    const stops = new Set(data.stopWords.map(even));
    const isStop = (word) => stops.has(even(word));
    const lights = new Set(data.lightWords.map(stem));
    const rootsOf = (text) => split(text).filter((word) => !isStop(word)).map(stem);

    // -- What there is to find --------------------------------------------------------------------------------------------

    const vocabulary = new Map();
    const learn = (word, count) => {
      const evened = even(word);
      const known = vocabulary.get(evened);
      if (known) known.count += count;
      else vocabulary.set(evened, { word: word.toLowerCase(), stem: stem(word), count });
    };
    const learnAll = (text) => {
      for (const word of split(text)) if (!isStop(word)) learn(word, 1);
      return rootsOf(text).join(" ");
    };

    const bags = data.sections.map(() => []);
    const roots = data.sections.map(() => new Set());
    const seenIn = new Map(); // in how many sections a root stands
    const words = data.words.split(" ");
    data.postings.split(";").forEach((list, index) => {
      const root = stem(words[index]);
      let [section, total] = [0, 0];
      for (const entry of list.split(",")) {
        const [step, count = "1"] = entry.split("*");
        section += parseInt(step, 36);
        total += parseInt(count, 36);
        if (!roots[section].has(root)) seenIn.set(root, (seenIn.get(root) || 0) + 1);
        roots[section].add(root);
        for (let left = parseInt(count, 36); left > 0; left -= 1) bags[section].push(root);
      }
      learn(words[index], total);
    });
    // A word that every section has ("liver") says little, also where it stands in a title.
    const all = Math.log(1 + data.sections.length);
    const rarity = (root) => TUNING.common + ((1 - TUNING.common) * (all - Math.log(1 + (seenIn.get(root) || 0)))) / all;

    const tokenize = (text) => text.split(" ");
    const processTerm = (term) => term || null;
    const newIndex = (...fields) =>
      new MiniSearch({ fields, tokenize, processTerm, searchOptions: { tokenize, processTerm, boostTerm: rarity } });
    const sectionIndex = newIndex("heading", "text");
    const pageIndex = newIndex("title", "clinical", "headings", "about", "asked", "text");
    const questionIndex = newIndex("text");
    const inPage = data.pages.map(() => ({ headings: [], text: [] }));
    data.sections.forEach(([page, anchor, heading], id) => {
      const own = { id, heading: learnAll(heading), text: bags[id].join(" ") };
      sectionIndex.add(own);
      // A record (a term, a study) is found by itself; its page is not about everything that it lists.
      if (anchor && data.pages[page].kind === "records") return;
      if (anchor) inPage[page].headings.push(own.heading);
      inPage[page].text.push(own.text);
    });
    const pageOfQuestion = [];
    data.pages.forEach((page, id) => {
      const asked = page.asked.map(learnAll);
      for (const text of asked) questionIndex.add({ id: pageOfQuestion.push(id) - 1, text });
      pageIndex.add({
        id,
        title: learnAll(page.title),
        clinical: learnAll(page.clinical),
        headings: inPage[id].headings.join(" "),
        about: learnAll(page.about),
        asked: asked.join(" "),
        text: inPage[id].text.join(" "),
      });
    });
    const glossary = data.pages.findIndex(({ name }) => name === data.glossary);
    const sectionAt = new Map(data.sections.map(([page, anchor], id) => [`${page} ${anchor}`, id]));

    // -- What means the same ------------------------------------------------------------------------------------------------

    const meanings = new Map(); // the roots of a name or phrase -> [{concept, kind, written}]
    let longest = 1;
    const keyOf = (list) => list.map(stem).join(" ");
    const addName = (written, concept, kind) => {
      const list = split(written);
      if (!list.length) return;
      learnAll(written);
      longest = Math.max(longest, list.length);
      const key = keyOf(list);
      if (!meanings.has(key)) meanings.set(key, []);
      const known = meanings.get(key);
      if (!known.some((one) => one.concept === concept)) known.push({ concept, kind, written });
    };
    for (const term of data.terms) {
      const names = [term.term, ...term.names];
      const concept = { term, names: names.map(rootsOf), lay: term.lay.map(rootsOf) };
      for (const name of names) addName(name, concept, "name");
      for (const name of term.lay) addName(name, concept, "lay");
    }
    for (const [strength, oneWay, ...group] of data.groups) {
      const concept = { names: group.map(rootsOf), lay: [], only: oneWay ? keyOf(split(group[0])) : null };
      for (const name of group) addName(name, concept, strength);
    }
    // "HE" and "OR" are names only as they are written, since "he" and "or" are not.
    const meaningsOf = (list) =>
      (meanings.get(keyOf(list)) || []).filter(
        ({ kind, written, concept: { only } }) =>
          (kind !== "name" || !isStop(written) || written === list.join(" ")) && (!only || only === keyOf(list)),
      );

    const correct = globalThis.hepaticaSearchSpelling.create(vocabulary, stem, doubleMetaphone);

    // -- From a question to what is looked for ------------------------------------------------------------------------------

    /** Cut a question into units, the longest known names and phrases first, each with all ways of saying it and their weights. */
    const unitsOf = (asked) => {
      const units = [];
      let index = 0;
      while (index < asked.length) {
        let size = Math.min(longest, asked.length - index);
        while (size > 1 && !meaningsOf(asked.slice(index, index + size)).length) size -= 1;
        const list = asked.slice(index, index + size);
        const known = meaningsOf(list);
        if (size > 1 || known.length || !isStop(list[0])) units.push(unitOf(list, known));
        index += size;
      }
      return units;
    };
    const unitOf = (list, known) => {
      const literal = size(list) ? list.filter((word) => !isStop(word)).map(stem) : list.map(stem);
      const share = lights.has(keyOf(list)) ? TUNING.light : 1;
      const ways = new Map([[literal.join(" "), share]]);
      const add = (roots, weight) => {
        const way = roots.join(" ");
        if (way && (ways.get(way) || 0) < weight * share) ways.set(way, weight * share);
      };
      for (const { concept, kind } of known) {
        for (const roots of concept.names) add(roots, TUNING.ways[kind]);
        for (const roots of concept.lay) add(roots, TUNING.ways[kind] * TUNING.toLay);
      }
      return { literal, share, ways };
    };
    const size = (list) => list.some((word) => !isStop(word));

    /** Score all of an index for one way of saying a unit: the mean over its words, so that long names weigh no more. */
    const scoreWay = (index, tuning, way, weight, typing, keep) => {
      const count = way.split(" ").length;
      const prefix = typing ? (_root, at) => at === count - 1 : false;
      for (const { id, score } of index.search(way, { ...tuning, combineWith: "AND", prefix })) keep(id, (score / count) * weight);
    };
    /** Score all of an index for a unit, each by the best of the unit's ways. */
    const scoreUnit = (index, tuning, unit, typing) => {
      const best = new Map();
      const keep = (id, score) => best.set(id, Math.max(best.get(id) || 0, score));
      const literal = unit.literal.join(" ");
      for (const [way, weight] of unit.ways) scoreWay(index, tuning, way, weight, typing && way === literal, keep);
      if (unit.literal.length > 1) {
        // A phrase that a page does not have as a whole still counts by its words.
        const apart = new Map();
        const gather = (id, score) => apart.set(id, (apart.get(id) || 0) + score);
        for (const root of unit.literal) scoreWay(index, tuning, root, unit.share / unit.literal.length, false, gather);
        for (const [id, score] of apart) keep(id, score);
      }
      return best;
    };
    /** Score all of an index for a question; who has more of its units counts more. */
    const scoreAll = (index, tuning, units, typing) => {
      const totals = new Map();
      const whole = units.reduce((sum, { share }) => sum + share, 0);
      units.forEach((unit, at) => {
        for (const [id, score] of scoreUnit(index, tuning, unit, typing && at === units.length - 1)) {
          const [sum, met] = totals.get(id) || [0, 0];
          totals.set(id, [sum + score, met + unit.share]);
        }
      });
      return [...totals].map(([id, [sum, met]]) => [id, sum * (1 - TUNING.cover + (TUNING.cover * met) / whole)]);
    };
    const bestOfPage = (scores, pageOf) => {
      const best = new Map();
      for (const [id, score] of scores) {
        const page = pageOf(id);
        if (!best.has(page) || best.get(page)[1] < score) best.set(page, [id, score]);
      }
      return best;
    };
    /** Rank the pages, each with its best section. */
    const rank = (units, typing) => {
      if (!units.length) return [];
      const sections = bestOfPage(scoreAll(sectionIndex, TUNING.section, units, typing), (id) => data.sections[id][0]);
      const questions = bestOfPage(scoreAll(questionIndex, TUNING.question, units, typing), (id) => pageOfQuestion[id]);
      const pages = new Map(scoreAll(pageIndex, TUNING.page, units, typing));
      const found = new Set([...pages.keys(), ...sections.keys()]);
      return [...found].map((page) => {
        const { kind, first } = data.pages[page];
        const [section, score] = sections.get(page) || [first, 0];
        const sum = (pages.get(page) || 0) + TUNING.questionShare * (questions.get(page)?.[1] || 0) + TUNING.sectionShare * score;
        return { page, section, score: sum * TUNING.kinds[kind] };
      });
    };

    // -- Meanings and dangers -----------------------------------------------------------------------------------------------

    const frames = data.frames.map((frame) => frame.split("…").map((part) => split(part).map(even)));
    frames.sort((a, b) => b.flat().length - a.flat().length);
    const termsOf = (list) => {
      const found = meaningsOf(list).filter(({ concept }) => concept.term);
      const named = found.filter(({ kind }) => kind === "name");
      return (named.length ? named : found).map(({ concept }) => concept.term);
    };
    /** The terms whose meaning a question asks for ("what is ascites"), or that it only names ("ascites"). */
    const definitionsOf = (asked) => {
      const named = termsOf(asked);
      if (named.length) return { terms: named, weight: TUNING.named };
      const evened = asked.map(even);
      for (const [before, after] of frames) {
        const end = asked.length - after.length;
        if (end <= before.length) continue;
        if (!before.every((word, at) => evened[at] === word) || !after.every((word, at) => evened[end + at] === word)) continue;
        const terms = termsOf(asked.slice(before.length, end));
        if (terms.length) return { terms, weight: TUNING.asked };
      }
      return { terms: [], weight: 0 };
    };

    const marksOf = (list) => list.map((word) => (NOT.test(word) ? "not" : word)).filter((word) => word === "not" || !isStop(word));
    const markSet = (text) => [...new Set(marksOf(split(text)).map(stem))];
    const emergencies = data.emergencies.map((emergency) => ({
      emergency,
      phrases: emergency.phrases.map(markSet),
      notWith: emergency.notWith.map(markSet),
    }));
    const emergenciesIn = (list, unfinished = "") => {
      const have = new Set(marksOf(list).map(stem));
      const begins = (mark) => unfinished.length > 2 && mark.startsWith(unfinished);
      const met = (marks) => marks.every((mark) => have.has(mark) || begins(mark));
      return emergencies.filter(({ phrases, notWith }) => phrases.some(met) && !notWith.some(met)).map(({ emergency }) => emergency);
    };

    // -- The search ---------------------------------------------------------------------------------------------------------

    const address = (page, anchor) => `${page}.html${anchor ? `#${anchor}` : ""}`;

    /**
     * Search. `exact` takes the words as they are typed; `typing` lets the last word be a beginning.
     *
     * Returns `corrected`: the question as it was understood, or ""; `emergencies` and `definitions`: records with `url`;
     * `results`: {url, name, title, in, heading, section}, best first, one a page; `roots`: what to mark in a snippet.
     * Addresses are counted from the site's root; `section` is the number of the section in its page.
     */
    const search = (query, { exact = false, typing = false } = {}) => {
      const typed = split(query);
      // The last word may not be whole yet: it is mended when the reader has finished it.
      const open = typing && !/\s$/.test(query) ? typed.slice(-1) : [];
      const understood = [...correct(typed.slice(0, typed.length - open.length), isStop), ...open];
      const asked = exact ? typed : understood;
      const same = (a, b) => a.join(" ").toLowerCase() === b.join(" ").toLowerCase();
      const units = unitsOf(asked);
      const ranked = rank(units, typing);
      const { terms, weight } = definitionsOf(asked);
      const entry = terms.length ? sectionAt.get(`${glossary} ${terms[0].anchor}`) : undefined;
      if (entry !== undefined) {
        const top = ranked.reduce((most, { score }) => Math.max(most, score), 0.01);
        const own = ranked.find(({ page }) => page === glossary) || ranked[ranked.push({ page: glossary, score: 0 }) - 1];
        Object.assign(own, { section: entry, score: Math.max(own.score, top * weight) });
      }
      ranked.sort((a, b) => b.score - a.score || a.page - b.page);
      return {
        corrected: same(asked, typed) ? "" : asked.join(" "),
        emergencies: [...new Set([understood, typed].flatMap((list) => emergenciesIn(list, open.map(even).join())))].map((one) => ({
          ...one,
          url: address(data.emergencyPage, one.anchor),
        })),
        definitions: terms.map((term) => ({ ...term, url: address(data.glossary, term.anchor) })),
        results: ranked.map(({ page, section }) => {
          const { name, title, in: where, kind, first } = data.pages[page];
          const [, anchor, heading] = data.sections[section];
          const place = { url: address(name, anchor), name, section: section - first };
          // A record is a result of its own; its page is where it stands.
          if (anchor && kind === "records") return { ...place, title: heading, in: title, heading: "" };
          return { ...place, title, in: where, heading: anchor ? heading : "" };
        }),
        roots: new Set(
          units.flatMap(({ ways, share }) =>
            [...ways].filter(([, weight]) => weight > TUNING.marked * share).flatMap(([way]) => way.split(" ")),
          ),
        ),
      };
    };

    /** Cut a snippet of about `length` letters from a text where most roots stand: [[text, marked], …]. */
    const snippet = (text, roots, length = 200) => {
      const spans = [...text.matchAll(/\S+/g)].map((found) => {
        const hits = split(found[0]).map(stem).filter((root) => roots.has(root));
        return { start: found.index, end: found.index + found[0].length, weight: hits.length ? rarity(hits[0]) : 0 };
      });
      let best = { start: 0, score: -1 };
      let from = 0;
      let score = 0;
      spans.forEach((span, at) => {
        score += span.weight;
        while (span.end - spans[from].start > length) score -= spans[from++].weight;
        // A snippet that begins with a sentence reads better.
        const begins = from === 0 || /[.?!:]["”’)]*$/.test(text.slice(spans[from - 1].start, spans[from - 1].end));
        if (score + (begins ? 0.15 : 0) > best.score + 1e-9) best = { start: from, end: at, score: score + (begins ? 0.15 : 0) };
      });
      if (!spans.length) return [];
      let end = best.start;
      while (end + 1 < spans.length && spans[end + 1].end - spans[best.start].start <= length) end += 1;
      const pieces = [[best.start ? "… " : "", false]];
      for (let at = best.start; at <= end; at += 1) {
        const { start, end: stop, weight } = spans[at];
        const [, lead, core, tail] = /^([^\p{L}\p{N}]*)(.*?)([^\p{L}\p{N}]*)$/su.exec(text.slice(start, stop));
        if (weight && core) pieces.push([lead, false], [core, true], [`${tail} `, false]);
        else pieces.push([`${text.slice(start, stop)} `, false]);
      }
      if (end + 1 < spans.length) pieces.push(["…", false]);
      return pieces.filter(([piece]) => piece);
    };

    return { search, snippet };
  };

  globalThis.hepaticaSearchEngine = { create, TUNING };
})();
