"""GRADE's four words: what they mean, how a sentence of each is worded, and how a rating is built up.

Pure functions, no Sphinx. The wording is that of docs/about/how-we-grade-evidence.md.
"""

from __future__ import annotations

import re
from typing import Literal, get_args

Level = Literal["high", "moderate", "low", "very low"]
Body = Literal["randomised trials", "other studies", "outlook studies", "rules and descriptions"]
Domain = Literal["risk of bias", "inconsistency", "indirectness", "imprecision", "publication bias"]
Upgrade = Literal["large effect", "dose-response", "opposing confounding"]

LEVELS: tuple[Level, ...] = get_args(Level)
"""From the surest to the least sure."""

MEANINGS: dict[Level, str] = {
    "high": "We are very sure: the truth is close to what the studies found.",
    "moderate": "We are fairly sure: the truth is likely close, but it could be quite different.",
    "low": "We are not very sure: the truth may be quite different.",
    "very low": "We can hardly tell: the truth is likely quite different.",
}
"""What each word means, for a reader."""

STARTS: dict[Body, Level] = {
    "randomised trials": "high",
    "other studies": "low",
    "outlook studies": "high",
    "rules and descriptions": "high",
}
"""Where a rating starts: cohorts start low for what a treatment does, and high for how an illness goes on.

Rules, definitions and plain descriptions (how many blood supplies the liver has) are no studies; GRADE has no start for them,
and ours is high.
"""

BODY_WORDS: dict[Body, str] = {
    "randomised trials": "randomised trials",
    "other studies": "studies that are not randomised trials",
    "outlook studies": "studies that count what happened to people",
    "rules and descriptions": "rules, definitions and plain descriptions, which are no studies,",
}
"""Each body of evidence as it reads in "the rating starts at high, for ..."."""

HEDGES: dict[Level, re.Pattern[str]] = {
    "moderate": re.compile(r"\bprobably\b", re.IGNORECASE),
    "low": re.compile(r"\bmay\b"),
    "very low": re.compile(r"\bwe do not know\b|\bnobody knows\b", re.IGNORECASE),
}
"""The words that a sentence of each level must have, and no sentence of another level may."""

VAGUE = re.compile(r"\b(?:might|could|perhaps|possibly|likely|seems?|appears?)\b", re.IGNORECASE)
"""Words that hedge without saying how much."""

VERB = re.compile(
    r"\bwe do not know\b|\bnobody knows\b|\b(?:(?:is|are) )?probably (?:do(?:es)? not )?\w+|\bmay (?:not )?\w+",
    re.IGNORECASE,
)


def rate(body: Body, lowered: int, raised: int) -> Level:
    """Return the level that follows from where a body of evidence starts and the steps down and up."""
    step = LEVELS.index(STARTS[body]) + lowered - raised
    return LEVELS[max(0, min(step, len(LEVELS) - 1))]


def wording_fault(sentence: str, level: Level) -> str | None:
    """Say what is wrong with the wording of a claim for its level, and the cure; None if nothing is.

    >>> wording_fault("Cells may lower deaths.", "low") is None
    True
    """
    words = {"high": "neither 'probably' nor 'may'", "moderate": "'probably'", "low": "'may'", "very low": "'We do not know'"}
    for other, pattern in HEDGES.items():
        found = pattern.search(sentence)
        if found and other != level:
            return f"'{found[0]}' is the wording of {other} certainty, and this is {level}; write {words[level]}"
    needed = HEDGES.get(level)
    if needed and not needed.search(sentence):
        return f"a sentence of {level} certainty says {words[level]}; reword it"
    vague = VAGUE.search(sentence)
    if vague:
        return f"'{vague[0]}' does not say how sure this is; a sentence of {level} certainty says {words[level]}"
    return None


def split_at_verb(sentence: str) -> tuple[str, str, str]:
    """Split a claim into what stands before, in and after the words that carry its certainty ("may lower")."""
    found = VERB.search(sentence)
    return (sentence[: found.start()], found[0], sentence[found.end() :]) if found else (sentence, "", "")
