"""Reads the questions: a tab-separated file with the question, its kind and the pages that answer it, the best first."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

HEADER = ("query", "type", "expected_pages")
KINDS = {
    "lay": "everyday words",
    "question": "questions",
    "typo": "misspellings",
    "abbrev": "abbreviations",
    "clinical": "clinical words",
    "contrib": "contributors",
}
"""The kinds of question, as the files name them and as the tables do."""

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class BenchmarkError(Exception):
    """What stops the comparison, in one line with its cure."""


@dataclass(frozen=True)
class Question:
    """What is typed, and which pages (file names without folder and ending) answer it."""

    text: str
    kind: str
    expected: tuple[str, ...]


def read_questions(path: Path) -> list[Question]:
    """Read a file of questions; a wrong line is an error that names the line but not its words, which may be held out."""
    lines = path.read_text("utf-8").splitlines()
    if not lines or tuple(lines[0].split("\t")) != HEADER:
        raise BenchmarkError(f"{path}:1: the first line must be: {'<tab>'.join(HEADER)}")
    found = [_question(f"{path}:{number}", line) for number, line in enumerate(lines[1:], 2) if line.strip()]
    if not found:
        raise BenchmarkError(f"{path}:2: no question: write one on each line")
    return found


def _question(place: str, line: str) -> Question:
    fields = [field.strip() for field in line.split("\t")]
    if len(fields) != len(HEADER) or not all(fields):
        raise BenchmarkError(f"{place}: write three fields with a tab between them: {', '.join(HEADER)}")
    text, kind, pages = fields
    if kind not in KINDS:
        raise BenchmarkError(f"{place}: unknown type '{kind}': write one of {', '.join(KINDS)}")
    expected = tuple(pages.split("|"))
    wrong = [slug for slug in expected if not SLUG.fullmatch(slug)]
    if wrong:
        raise BenchmarkError(f"{place}: '{wrong[0]}' is no page: write file names without folder and ending, with | between them")
    return Question(text, kind, expected)
