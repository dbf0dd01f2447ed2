"""What the comparison counts: on which rank the first right page stands, and what follows from the ranks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from tests.search_benchmark.questions import KINDS, Question

ALL = "all"
"""The key of the row for all kinds together."""


@dataclass(frozen=True)
class Scores:
    """Shares from 0 to 1 over ``count`` questions."""

    count: int
    hit_at_1: float
    hit_at_3: float
    reciprocal: float
    """Mean reciprocal rank: 1 for a right page on rank 1, 1/2 on rank 2, 0 where none was found."""


def page_of(address: str, root: str = "/") -> str:
    """Return the page of an address below ``root``, with its folder.

    >>> page_of("http://localhost:80/html/about/glossary.html?x=1#ascites", "/html/"), page_of("/about/")
    ('about/glossary', 'about/index')
    """
    path = unquote(urlsplit(address).path).removeprefix(root).removeprefix("/")
    return f"{path}index" if not path or path.endswith("/") else path.removesuffix(".html")


def pages_in_order(addresses: Iterable[str], root: str = "/") -> list[str]:
    """Return the pages of a list of results, each once, where it comes first."""
    return list(dict.fromkeys(page_of(address, root) for address in addresses))


def rank_of(pages: Sequence[str], expected: Iterable[str]) -> int | None:
    """Return the rank, from 1, of the first page that is expected, or None.

    >>> rank_of(["about/glossary", "liver-failure/cirrhosis"], ["cirrhosis"])
    2
    """
    wanted = set(expected)
    return next((rank for rank, page in enumerate(pages, 1) if page.rpartition("/")[2] in wanted), None)


def answerable(questions: Iterable[Question], slugs: set[str], first: bool) -> list[Question]:
    """Return the questions that the site can answer.

    At least one of their expected pages is there; with ``first``, the one that is named first.
    """
    return [one for one in questions if any(slug in slugs for slug in one.expected[: 1 if first else None])]


def scores(ranks: Sequence[int | None]) -> Scores:
    """Count the ranks of the first right pages.

    >>> scores([1, 2, None, 4])
    Scores(count=4, hit_at_1=0.25, hit_at_3=0.5, reciprocal=0.4375)
    """
    count = len(ranks) or 1
    found = [rank for rank in ranks if rank]
    return Scores(
        len(ranks),
        sum(rank == 1 for rank in found) / count,
        sum(rank <= 3 for rank in found) / count,
        sum(1 / rank for rank in found) / count,
    )


def scores_by_kind(questions: Sequence[Question], ranks: Sequence[int | None]) -> dict[str, Scores]:
    """Return the scores of all questions and of each kind that there is, in the order of ``KINDS``."""
    pairs = list(zip(questions, ranks, strict=True))
    kinds = {kind: [rank for question, rank in pairs if question.kind == kind] for kind in KINDS}
    return {ALL: scores(ranks)} | {kind: scores(found) for kind, found in kinds.items() if found}
