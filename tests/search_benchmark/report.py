"""The tables of the comparison, and their place in the maintainers' page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.search_benchmark.measures import ALL, Scores
from tests.search_benchmark.questions import KINDS, BenchmarkError

BEGIN = "<!-- comparison: nox -s bench-search writes what stands from here -->"
END = "<!-- comparison: to here -->"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table; the first column holds words, the others numbers."""
    marks = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, marks, *rows))


def scores_table(by_engine: Mapping[str, Mapping[str, Scores]]) -> str:
    """Return a table of the kinds of question (rows) by engine (columns): hit@1, hit@3, MRR."""
    first = next(iter(by_engine.values()))
    rows = [[f"**{ALL}**" if kind == ALL else KINDS[kind], str(first[kind].count)] for kind in first]
    for kind, row in zip(first, rows, strict=True):
        for found in by_engine.values():
            one = found[kind]
            row.append(f"{one.hit_at_1:.2f} / {one.hit_at_3:.2f} / {one.reciprocal:.2f}")
    return table(["kind", "questions", *by_engine], rows)


def write_between(path: Path, text: str) -> None:
    """Put ``text`` between the two marks of a file; the rest stays as it is."""
    old = path.read_text("utf-8") if path.is_file() else ""
    before, begin, rest = old.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not begin or not end:
        raise BenchmarkError(f"{path}: the place for the tables is not marked: write these two lines there: {BEGIN} {END}")
    path.write_text(f"{before}{BEGIN}\n\n{text.strip()}\n\n{END}{after}", "utf-8")
