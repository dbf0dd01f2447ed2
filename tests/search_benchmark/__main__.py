"""Compares the engines and writes the tables into ``maintainers/search.md``: ``python -m tests.search_benchmark``.

Ends with 1 if the site's own search misses its target on the sample.
"""

from __future__ import annotations

import datetime
import os
import platform
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.search_benchmark.browsing import Cost, blank_page, measure, served, started_browser
from tests.search_benchmark.engines import BENCH, REPO, SITE, Engine, engines, write_sections
from tests.search_benchmark.measures import ALL, Scores, answerable, rank_of, scores_by_kind
from tests.search_benchmark.questions import KINDS, BenchmarkError, Question, read_questions
from tests.search_benchmark.report import scores_table, table, write_between

HERE = Path(__file__).parent
PAGE = REPO / "maintainers" / "search.md"
FILES = {
    "queries.tsv": "Sample of real questions: the weights were found on these too",
    "held_out_queries.tsv": "Held out: the site's search was not tuned on these",
    "tuning_queries.tsv": "Tuning: the site's search was made on these, so its scores here flatter it",
}
SAMPLE = "queries.tsv"
FIRST_SEARCHES = 10
"""How many questions of the sample are asked as the first search ever."""

TARGETS = {ALL: 0.95, "typo": 0.90}
"""The least hit@3 of the site's search, on the questions of the sample that some page answers."""

NOTES = """\
- **kB**: what a device loads, each file as gzip sends it (1 kB is 1000 bytes): scripts, index, WebAssembly, fragments; not the
  page itself. The first result is a title and a link. Ten results have their texts too, for which Sphinx loads whole pages.
  Medians of {firsts} questions of the sample, each on an empty page. Orama is loaded as its {modules} modules, which a bundler
  would make smaller.
- **ms, first search**: on the same pages, to the first result, with loading and making the index, from a server on the same
  machine; over a network the kB come on top.
- **ms, median and worst**: to a list of ten pages, all {texts} questions of the three files one after the other in one page. What
  was loaded for one question is there for the next.
- **nothing found**: questions without a single result. Sphinx wants every word of a question on one page; Pagefind wants every word
  that its index knows.
- MiniSearch and Orama load the sections that our own search knows, with their texts, and make their index in the browser. Sphinx
  and Pagefind index the built pages. All have their own settings; in MiniSearch and Orama wrong letters are allowed and titles
  count twice."""


@dataclass(frozen=True)
class Outcome:
    """What all engines found (by engine and text: pages, best first) and what it cost."""

    engines: list[Engine]
    questions: dict[str, list[Question]]
    found: dict[str, dict[str, list[str]]]
    costs: dict[str, Cost]
    slugs: set[str]
    chromium: str

    def scores(self, file: str, first: bool) -> dict[str, dict[str, Scores]]:
        """Return the scores of each engine by kind of question."""
        kept = answerable(self.questions[file], self.slugs, first)
        ranks = {name: [rank_of(pages[one.text], one.expected) for one in kept] for name, pages in self.found.items()}
        return {name: scores_by_kind(kept, one) for name, one in ranks.items()}


def compare() -> Outcome:
    """Prepare and try all engines."""
    if not (SITE / "search" / "index.js").is_file():
        raise BenchmarkError(f"no site with a search in {SITE}: run nox -s docs")
    questions = {file: read_questions(HERE / file) for file in FILES}
    texts = list(dict.fromkeys(one.text for found in questions.values() for one in found))
    sample = [one.text for one in questions[SAMPLE]]
    first = sample[:: max(1, len(sample) // FIRST_SEARCHES)][:FIRST_SEARCHES]
    BENCH.mkdir(parents=True, exist_ok=True)
    every = engines()
    found: dict[str, dict[str, list[str]]] = {}
    costs: dict[str, Cost] = {}
    for engine in every:
        print(f"{engine.name}: getting ready …", flush=True)
        engine.prepare()
    with served() as server, started_browser() as browser:
        with blank_page(browser, server) as page:
            write_sections(page)
        for engine in every:
            print(f"{engine.name}: {len(texts)} questions …", flush=True)
            pages, costs[engine.name] = measure(browser, server, engine, texts, first)
            found[engine.name] = dict(zip(texts, pages, strict=True))
        names = [path.relative_to(SITE) for path in SITE.rglob("*.html")]
        slugs = {name.stem for name in names if name.as_posix() != "search.html" and name.stem != "index"}
        return Outcome(every, questions, found, costs, slugs, browser.version)


def text_of(outcome: Outcome) -> str:
    """Return the comparison in Markdown."""
    machine = f"{platform.system()} {platform.machine()} with {os.cpu_count()} processors"
    versions = ", ".join(f"{one.name} {one.version}" for one in outcome.engines)
    parts = [
        f"Measured on {datetime.date.today():%d %B %Y} on {machine}, Chromium {outcome.chromium}, "
        f"{len(outcome.slugs)} pages and their lists. {versions}.",
        "### What a search costs",
        _costs(outcome),
        NOTES.format(
            modules=sum(1 for _path in (BENCH / "orama").rglob("*.js")), firsts=FIRST_SEARCHES, texts=_count_texts(outcome)
        ),
        "### How well they find",
        "Each cell: hit@1 / hit@3 / mean reciprocal rank of the first right page, each page counted once.",
    ]
    for file, title in FILES.items():
        count = len(outcome.questions[file])
        parts.append(f"#### {title} (`{file}`, {count} questions)")
        for first, words in ((False, "At least one right page exists"), (True, "The page named first exists")):
            kept = len(answerable(outcome.questions[file], outcome.slugs, first))
            parts += [f"{words}: {kept} questions; {count - kept} left out.", scores_table(outcome.scores(file, first))]
    return "\n\n".join(parts)


def _count_texts(outcome: Outcome) -> int:
    return len(next(iter(outcome.found.values())))


def _costs(outcome: Outcome) -> str:
    head = [
        "engine",
        "kB to the first result",
        "kB with ten results",
        "ms, first search",
        "ms, median",
        "ms, worst",
        "nothing found",
        "from `file://`",
    ]
    rows = [
        [
            one.name,
            *(f"{number:.0f}" for number in (cost.kilobytes_first, cost.kilobytes_ten, cost.ms_first)),
            *(f"{number:.1f}" for number in (cost.ms_median, cost.ms_worst)),
            f"{sum(not pages for pages in found.values()) / len(found):.0%}",
            one.from_file,
        ]
        for one in outcome.engines
        for cost, found in [(outcome.costs[one.name], outcome.found[one.name])]
    ]
    return table(head, rows)


def missed_targets(scores: dict[str, Scores]) -> list[str]:
    """Return a line for each target that the scores miss."""
    return [
        f"hit@3 is {scores[kind].hit_at_3:.3f} on {'all questions' if kind == ALL else KINDS[kind]}, the target is {least:.2f}"
        for kind, least in TARGETS.items()
        if kind in scores and scores[kind].hit_at_3 < least
    ]


def main() -> int:
    """Compare, print, write; return 1 if something is missing or the target is missed."""
    try:
        outcome = compare()
        text = text_of(outcome)
        print(f"\n{text}\n")
        write_between(PAGE, text)
    except BenchmarkError as error:
        print(f"Search benchmark: {error}", file=sys.stderr)
        return 1
    print(f"Written into {PAGE.relative_to(REPO)}")
    missed = missed_targets(outcome.scores(SAMPLE, first=False)["Hepatica"])
    for line in missed:
        print(f"Search benchmark: the site's search misses its target on the sample: {line}", file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
