"""Checks of the pages that need no build: ``python -m hepatica.lint docs evidence``.

Each finding is one line, ``file:line: [rule] what is wrong; what to do``. A line ``% lint: rule - reason`` right above a
paragraph excuses it from one rule; the reason is required.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hepatica.loading import EvidenceError, load_evidence
from hepatica.located_yaml import Problem, read_text
from hepatica.pages import read_front_matter

RULES = {
    "front-matter": "every page says its title, description, audience and dates",
    "hand-typed-number": "a number about health is a record, or stands in one sentence with its source",
    "few-links": "a page leads on: at least three links to other pages",
    "raw-html": "HTML in Markdown is off: it is unsafe on the site and breaks the book",
    "second-title": "the title in the front matter is the page's only first-level heading",
    "excuse": "an excuse names a rule and gives a reason",
}

EVIDENCE_ROLES = re.compile(r"\{(?:fact|source|study|cite[\w:]*)\}`[^`]*`")
ROLE = re.compile(r"\{[\w:-]+\}`[^`]*`")
CODE = re.compile(r"(`+)(?:(?!\1).)+?\1")
LINK = re.compile(r"\[([^\]]*)\]\([^)\s]*\)")
PAGE_LINK = re.compile(r"\]\((?!https?:)[^)\s]+\.md(?:#[^)\s]*)?\)")
HTML = re.compile(r"<(?:/?[a-zA-Z][^>]*|!--.*?--)>")
AUTOLINK = re.compile(r"<https?://[^>]*>")
EXCUSE = re.compile(r"^%\s*lint:\s*(?P<rule>[\w-]*)\s*(?:-\s*(?P<reason>.*))?$")

NUMBER = re.compile(r"(?<![\w.,/–-])\d+(?:,\d{3})*(?:\.\d+)?%?(?![\w-]|[.,]\d)")
FRACTION = re.compile(
    r"\b(?:half|(?:a|one) (?:third|quarter)|(?:two|three) (?:thirds|quarters)) of\b|\bper ?cent\b|\bone in \w+\b", re.IGNORECASE
)
YEAR = re.compile(r"(?:18|19|20)\d\d")
NAMED = re.compile(
    r"\b(?:MELD|PELD|MELD-Na|UKELD|FIB|Baveno|Billroth|COVID|omega|vitamin|WCAG|Python|version|CC BY|BSD|GRADE|"
    r"phases?|stages?|types?|grades?|class|step|claims?|parts?|table|question|level|option|use|route)[ -]$",
    re.IGNORECASE,
)
EMERGENCY_NUMBERS = frozenset(["999", "112", "911", "988", "111", "116123", "123", "997", "998", "9999"])


@dataclass(frozen=True)
class Block:
    """A paragraph, list item or table row: its first line (from 1), its text, and the rule that it is excused from."""

    line: int
    text: str
    excused: str = ""


def blocks(text: str) -> Iterator[Block]:
    """Split a page into blocks, without front matter, code, directive fences and comments."""
    lines = text.splitlines()
    start = lines.index("---", 1) + 1 if lines and lines[0] == "---" and "---" in lines[1:] else 0
    held: list[str] = []
    first = 0
    code = ""
    excused = ""
    for number, line in enumerate([*lines[start:], ""], start + 1):
        stripped = line.strip()
        fence = re.match(r"(`{3,}|~{3,})", stripped)
        if code:
            if fence and stripped.startswith(code):
                code = ""
            continue
        begins = not stripped or fence or stripped[0] in "|%#" or re.match(r"(?:[-*+]|\d+[.)])\s|:{3,}", stripped)
        if begins and held:
            yield Block(first, " ".join(held), excused)
            held, excused = [], ""
        if fence:
            code = fence.group(1)
        elif stripped.startswith("%"):
            excuse = EXCUSE.match(stripped)
            excused = (excuse["rule"] if excuse and excuse["reason"] else "") or excused
        elif re.match(r":{3,}", stripped):
            title = re.match(r":{3,}\{(?:emergency|clinicians)\}\s*(.+)", stripped)
            if title:
                yield Block(number, title.group(1), excused)
        elif re.match(r":[\w-]+:\s", stripped):
            continue
        elif stripped:
            if not held:
                first = number
            held.append(re.sub(r"^(?:[-*+]|\d+[.)]|#+)\s+", "", stripped))


def sentences(text: str) -> list[str]:
    """Split a block into sentences; source marks that follow a full stop belong to the sentence before them."""
    if text.startswith("|"):
        return [text]
    parts = re.split(r"(?<=[.!?])(?:\*\*)?\s+(?=[\"“'*(\[{]*(?:[A-Z]|\{fact\}|\{source\}|\{study\}|\{term\}|\d))", text)
    joined: list[str] = []
    for part in parts:
        marks = re.match(r"(?:\{source\}`[^`]*`[\s,.;]*)+", part)
        if marks and joined:
            joined[-1] += " " + marks.group(0)
            part = part[marks.end() :]
        if part.strip():
            joined.append(part)
    return joined


def hand_typed_numbers(sentence: str) -> list[str]:
    """Return the health numbers that a sentence types, if it names no record and no source."""
    if EVIDENCE_ROLES.search(sentence):
        return []
    bare = LINK.sub(r"\1", ROLE.sub("", sentence))
    bare = AUTOLINK.sub("", CODE.sub("", bare)).replace("**", "")
    found = [match.group(0) for match in FRACTION.finditer(bare)]
    for match in NUMBER.finditer(bare):
        digits = match.group(0).rstrip("%")
        is_name = NAMED.search(bare[: match.start()]) or YEAR.fullmatch(digits) or digits in EMERGENCY_NUMBERS
        if not is_name:
            found.append(match.group(0))
    return found


def lint_page(path: Path) -> list[Problem]:
    """Check one page."""
    text, problems = read_text(path)
    if problems:
        return problems
    matter, faults = read_front_matter(path)
    problems += [_problem(path, fault.line, "front-matter", fault.message) for fault in faults]
    for number, line in enumerate(text.splitlines(), 1):
        excuse = EXCUSE.match(line.strip())
        if excuse and (excuse["rule"] not in RULES or not excuse["reason"]):
            problems.append(_problem(path, number, "excuse", f"write '% lint: rule - reason', with a rule of {', '.join(RULES)}"))
    for block in blocks(text):
        problems += _lint_block(path, block)
    for number, line in _lines_outside_code(text):
        if re.match(r"#\s", line):
            problems.append(
                _problem(path, number, "second-title", "the title stands in the front matter; begin this heading with '##'")
            )
    links = len(set(PAGE_LINK.findall(text)))
    if matter and links < 3 and path.name != "index.md":
        problems.append(
            _problem(path, 1, "few-links", f"the page links to {links} other pages; add links where a reader would go next")
        )
    return problems


def _lint_block(path: Path, block: Block) -> Iterator[Problem]:
    if block.excused != "hand-typed-number":
        for sentence in sentences(block.text):
            typed = hand_typed_numbers(sentence)
            if typed:
                cure = "write {fact}`record`, or name its {source}`record` in the same sentence"
                yield _problem(path, block.line, "hand-typed-number", f"'{', '.join(typed)}' is typed by hand; {cure}")
    if block.excused != "raw-html":
        for match in HTML.finditer(AUTOLINK.sub("", CODE.sub("", block.text))):
            message = f"'{match.group(0)}' is HTML and would be shown as text; write it in Markdown"
            yield _problem(path, block.line, "raw-html", message)


def _lines_outside_code(text: str) -> Iterator[tuple[int, str]]:
    inside = False
    for number, line in enumerate(text.splitlines(), 1):
        if re.match(r"\s*(?:`{3,}|~{3,})", line):
            inside = not inside
        elif not inside:
            yield number, line


def _problem(path: Path, line: int, rule: str, message: str) -> Problem:
    return Problem(path, line, f"[{rule}] {message}")


def main(arguments: list[str] | None = None) -> int:
    """Check the pages under ``docs`` and the records under ``evidence``; print the findings; 1 if there are any."""
    parser = argparse.ArgumentParser(prog="python -m hepatica.lint", description=main.__doc__)
    parser.add_argument("docs", type=Path)
    parser.add_argument("evidence", type=Path)
    options = parser.parse_args(arguments)
    problems = [problem for path in sorted(options.docs.rglob("*.md")) for problem in lint_page(path)]
    try:
        load_evidence(options.evidence)
    except EvidenceError as error:
        problems += error.problems
    for problem in problems:
        print(problem)
    pages = len(list(options.docs.rglob("*.md")))
    print(
        f"{len(problems)} findings in {pages} pages and the evidence."
        if problems
        else f"{pages} pages and the evidence: nothing found."
    )
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
