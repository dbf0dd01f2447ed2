"""What must hold of a term, beyond the form of each key.

Pure functions on loaded records. A fault is the place inside the record, and what is wrong with the cure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from hepatica.claim_checks import Fault
from hepatica.record_types import nearest
from hepatica.records import Evidence
from hepatica.terms import Term, key_of

DANGER = re.compile(r"\b(emergency|ambulance)\b", re.IGNORECASE)
KEPT = re.compile(r"\b(?:(?:do not|never|must not be|must never be) stop(?:ped)?|stopping (?:it|them) can)\b", re.IGNORECASE)
NAME_KEYS = ("synonyms", "former_names", "brand_names")


def check_term(term: Term, evidence: Evidence) -> Iterator[Fault]:
    """Yield the faults of a term, once all terms are loaded."""
    yield from _check_names(term, evidence)
    for number, other in enumerate(term.see_also):
        if other not in evidence.terms:
            if other not in evidence.faulty:
                hint = nearest(other, evidence.terms)
                yield ("see_also", number), f"see_also names '{other}', which is no term{hint}; correct or remove it"
        elif other == term.term:
            yield ("see_also", number), "see_also names the term itself; remove it"
        elif other in term.see_also[:number]:
            yield ("see_also", number), f"'{other}' stands twice; keep one"
    if (term.danger or DANGER.search(term.definition_plain)) and not term.what_to_do:
        yield ("term",), "the term names a danger and has no 'what_to_do'; add it, with the records that it rests on"
    if term.what_to_do and not term.danger:
        yield ("what_to_do",), "'what_to_do' stands without 'danger: true'; add that line"
    if KEPT.search(term.definition_plain) and not term.do_not_stop:
        yield ("definition_plain",), "this medicine must not be stopped; say so in 'do_not_stop', with the records that it rests on"
    if (term.what_to_do or term.do_not_stop) and not term.rests_on:
        yield ("term",), "'what_to_do' and 'do_not_stop' rest on a record; name it in 'rests_on'"
    yield from check_rests_on(term.rests_on, evidence)
    for key in ("code_labels", "code_match_notes"):
        for system in getattr(term, key):
            if system not in term.codes:
                yield (key, system), f"'{key}' has '{system}', for which 'codes' has no code; add the code or remove the line"


def _check_names(term: Term, evidence: Evidence) -> Iterator[Fault]:
    places: list[tuple[tuple[str | int, ...], str]] = [(("term",), term.term)]
    if term.abbreviation:
        places.append((("abbreviation",), term.abbreviation))
    places += [((key, number), name) for key in NAME_KEYS for number, name in enumerate(getattr(term, key))]
    seen: set[tuple[str, ...]] = set()
    for place, name in places:
        key = key_of(name)
        if not key:
            yield place, f"'{name}' has no word; correct it"
            continue
        owner = evidence.term_names.names[key].term
        if key in seen:
            yield place, f"'{name}' stands twice; keep one"
        elif owner is not term and key in {key_of(other) for other in owner.names}:
            yield place, f"'{name}' is a name of '{owner.term}' too; keep it in one of the two"
        seen.add(key)
    for number, name in enumerate(term.lay_synonyms):
        if key_of(name) in seen:
            yield ("lay_synonyms", number), f"'{name}' stands twice; keep one"
        seen.add(key_of(name))
    for number, name in enumerate(term.not_linked):
        if name not in term.names:
            hint = nearest(name, term.names)
            yield ("not_linked", number), f"'{name}' is no name of this term{hint}; write it as it stands there"


def check_rests_on(named: list[str], evidence: Evidence) -> Iterator[Fault]:
    """Yield a fault for each record that advice names and that is not there."""
    for number, name in enumerate(named):
        if name not in evidence.citable and name not in evidence.faulty:
            hint = nearest(name, evidence.citable)
            yield ("rests_on", number), f"no record '{name}'{hint}; correct the id or add the record"
