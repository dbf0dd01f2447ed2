"""The lint finds each planted fault, at its line, and nothing in a good page."""

from __future__ import annotations

from pathlib import Path

import pytest

from hepatica.lint import hand_typed_numbers, lint_page, sentences

GOOD = """---
title: A good page
description: One plain sentence that says what this page is about.
audience: [patient]
drafted: 2026-11-23
next_review: 2027-11-23
---

Of 100 people {fact}`some-record` are alive. See [one](../a/b.md), [two](../a/c.md) and [three](../a/d.md).
"""


def lint(tmp_path: Path, text: str) -> list[str]:
    """Write a page and return its findings as "line: [rule]"."""
    page = tmp_path / "page.md"
    page.write_text(text, "utf-8")
    return [f"{problem.line}: {problem.message.split()[0]}" for problem in lint_page(page)]


def test_good_page_has_no_finding(tmp_path: Path) -> None:
    assert lint(tmp_path, GOOD) == []


@pytest.mark.parametrize(
    ("planted", "finding"),
    [
        ("About 72 of 100 people live a year longer.", "11: [hand-typed-number]"),
        ("Half of all people with it feel nothing.", "11: [hand-typed-number]"),
        ("It falls by 30%.", "11: [hand-typed-number]"),
        ("- fine\n- {fact}`a` is fine. But 12 are not.", "12: [hand-typed-number]"),
        ("| who | how many |\n|---|---|\n| adults | 12 |", "13: [hand-typed-number]"),
        ("A line with <b>markup</b>.", "11: [raw-html]"),
        ("# Another title", "11: [second-title]"),
        ("% lint: hand-typed-number\n", "11: [excuse]"),
        ("% lint: no-such-rule - because\n", "11: [excuse]"),
    ],
)
def test_planted_fault_is_found(tmp_path: Path, planted: str, finding: str) -> None:
    assert finding in lint(tmp_path, f"{GOOD}\n{planted}\n")


def test_excuse_with_a_reason_is_taken(tmp_path: Path) -> None:
    assert lint(tmp_path, f"{GOOD}\n% lint: hand-typed-number - an example, not a finding\nAbout 72 of 100 people.\n") == []


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ("drafted: 2026-11-23\n", "", "1: [front-matter]"),
        ("drafted: 2026-11-23", "drafted: soon", "5: [front-matter]"),
        ("[patient]", "[doctor]", "4: [front-matter]"),
        ("next_review: 2027", "next_review: 2025", "6: [front-matter]"),
        ("title: A good page", "titel: A good page", "2: [front-matter]"),
        ("See [one](../a/b.md), [two](../a/c.md)", "See", "1: [few-links]"),
    ],
)
def test_faulty_head_is_found(tmp_path: Path, old: str, new: str, finding: str) -> None:
    assert finding in lint(tmp_path, GOOD.replace(old, new))


@pytest.mark.parametrize(
    "sentence",
    [
        "In 2013 the rule changed.",
        "Call 999 or 112.",
        "MELD 3.0 and hepatitis B are names, and so are F4 and CD133+.",
        "A phase 3 trial and grade 2 confusion are names.",
        "It was 12 of 100 {source}`a`.",
        "See `shown: 12` for the form.",
        "{term}`MELD 40 <MELD>` is a term.",
    ],
)
def test_names_years_and_cited_numbers_pass(sentence: str) -> None:
    assert hand_typed_numbers(sentence) == []


def test_source_mark_after_the_full_stop_belongs_to_the_sentence_before() -> None:
    assert sentences("It was 12. {source}`a` Then 13 came.") == ["It was 12. {source}`a` ", "Then 13 came."]
