"""GRADE's words: wording that matches, and ratings that add up."""

from __future__ import annotations

import pytest

from hepatica.certainty import LEVELS, Body, Level, rate, split_at_verb, wording_fault


@pytest.mark.parametrize(
    ("sentence", "level"),
    [
        ("Cells lower deaths.", "high"),
        ("Cells do not change deaths.", "high"),
        ("Cells probably lower deaths.", "moderate"),
        ("Cells may lower deaths in May.", "low"),
        ("We do not know whether cells lower deaths.", "very low"),
        ("Nobody knows how many.", "very low"),
    ],
)
def test_good_wording_passes(sentence: str, level: Level) -> None:
    assert wording_fault(sentence, level) is None


@pytest.mark.parametrize(
    ("sentence", "level", "fault"),
    [
        ("Cells may lower deaths.", "high", "'may' is the wording of low certainty, and this is high; write neither"),
        ("Cells probably lower deaths.", "low", "'probably' is the wording of moderate certainty"),
        ("We do not know whether cells may help.", "very low", "'may' is the wording of low certainty"),
        ("Cells lower deaths.", "moderate", "a sentence of moderate certainty says 'probably'; reword it"),
        ("Cells lower deaths.", "low", "a sentence of low certainty says 'may'"),
        ("Cells lower deaths.", "very low", "says 'We do not know'"),
        ("Cells might lower deaths.", "high", "'might' does not say how sure this is"),
        ("Cells likely lower deaths.", "high", "'likely' does not say how sure this is"),
    ],
)
def test_wording_that_does_not_match_is_named_with_the_cure(sentence: str, level: Level, fault: str) -> None:
    assert fault in (wording_fault(sentence, level) or "")


@pytest.mark.parametrize(
    ("body", "lowered", "raised", "level"),
    [
        ("randomised trials", 0, 0, "high"),
        ("randomised trials", 2, 0, "low"),
        ("randomised trials", 5, 0, "very low"),
        ("other studies", 0, 0, "low"),
        ("other studies", 0, 1, "moderate"),
        ("other studies", 1, 1, "low"),
        ("outlook studies", 1, 0, "moderate"),
        ("rules and descriptions", 0, 0, "high"),
        ("randomised trials", 0, 2, "high"),
    ],
)
def test_a_rating_adds_up(body: Body, lowered: int, raised: int, level: Level) -> None:
    assert rate(body, lowered, raised) == level


def test_the_words_are_in_order() -> None:
    assert LEVELS == ("high", "moderate", "low", "very low")


@pytest.mark.parametrize(
    ("sentence", "verb"),
    [
        ("Cells may not lower deaths.", "may not lower"),
        ("Cells probably do not improve MELD.", "probably do not improve"),
        ("About 80 are probably alive.", "are probably alive"),
        ("We do not know whether it helps.", "We do not know"),
        ("Cells lower deaths.", ""),
    ],
)
def test_the_words_that_carry_the_certainty_are_found(sentence: str, verb: str) -> None:
    before, found, after = split_at_verb(sentence)
    assert found == verb
    assert before + found + after == sentence
