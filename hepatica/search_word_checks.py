"""What must hold of an emergency and of a group of words, beyond the form of each key.

Pure functions on loaded records. A fault is the place inside the record, and what is wrong with the cure.
"""

from __future__ import annotations

from collections.abc import Iterator

from hepatica.claim_checks import Fault
from hepatica.records import Evidence
from hepatica.search_words import Emergency, QuestionWords, WordGroup
from hepatica.term_checks import check_rests_on
from hepatica.terms import key_of


def check_emergency(emergency: Emergency, evidence: Evidence) -> Iterator[Fault]:
    """Yield the faults of an emergency."""
    seen = set()
    for number, phrase in enumerate(emergency.phrases):
        if key_of(phrase) in seen:
            yield ("phrases", number), f"'{phrase}' stands twice; keep one"
        seen.add(key_of(phrase))
    yield from check_rests_on(emergency.rests_on, evidence)


def check_words(group: WordGroup | QuestionWords) -> Iterator[Fault]:
    """Yield the faults of a group of words."""
    seen = set()
    for number, word in enumerate(group.words):
        if word.lower() in seen:
            yield ("words", number), f"'{word}' stands twice; keep one"
        seen.add(word.lower())
        if group.id == "meaning" and word.count("…") != 1:
            yield ("words", number), f"'{word}' needs one '…' where the word stands that is asked for; add it"
