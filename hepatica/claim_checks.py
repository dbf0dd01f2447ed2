"""What must hold of a claim and of a comparison, beyond the form of each key. Pure functions on loaded records.

A fault is the place inside the record, and what is wrong with the cure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from hepatica.certainty import STARTS, rate, wording_fault
from hepatica.located_yaml import Place
from hepatica.reader_form import untraceable_numbers
from hepatica.record_types import nearest
from hepatica.records import BLOCKS, Claim, Comparison, Evidence, Record, Study

Fault = tuple[Place, str]
PLACEHOLDER = re.compile(r"\{([\w.-]+)(?::([\w.-]+))?\}")
"""``{record:part}`` in a claim: a reader's form."""


def sentence_of(claim: Claim, evidence: Evidence) -> str:
    """Return the claim with its numbers in reader's form."""
    return PLACEHOLDER.sub(lambda found: evidence.citable[found[1]].forms[found[2] or "value"], claim.claim)


def check_claim(claim: Claim, evidence: Evidence) -> Iterator[Fault]:
    """Yield the faults of a claim."""
    if claim.question not in evidence.questions:
        hint = nearest(claim.question, evidence.questions)
        yield ("question",), f"no question '{claim.question}' in questions.yaml{hint}; correct the id or add the question"
    yield from _check_rating(claim)
    for key, named in (("for", claim.for_), ("against", claim.against), ("facts", claim.facts)):
        for number, name in enumerate(named):
            if name in evidence.faulty:
                continue
            if name not in evidence.citable:
                hint = nearest(name, evidence.citable)
                yield (key, number), f"no study or fact '{name}'{hint}; correct the id or add the record"
            elif name in named[:number]:
                yield (key, number), f"'{name}' stands twice; keep one"
    for name in claim.against:
        if name in claim.for_:
            yield ("against",), f"'{name}' stands under 'for' too; keep it in one of the two"
    yield from _check_numbers(claim, evidence)


def _check_rating(claim: Claim) -> Iterator[Fault]:
    fault = wording_fault(PLACEHOLDER.sub("", claim.claim), claim.certainty)
    if fault:
        yield ("claim",), fault
    domains = [reason.domain for reason in claim.lowered]
    for number, domain in enumerate(domains):
        if domain in domains[:number]:
            yield ("lowered", number), f"'{domain}' stands twice; say both reasons in one, with the steps together"
    if claim.rated_by:
        return  # somebody else's rating need not follow our arithmetic
    lowered, raised = (sum(reason.by for reason in reasons) for reasons in (claim.lowered, claim.raised))
    follows = rate(claim.body, lowered, raised)
    if follows != claim.certainty:
        steps = f"lowered by {lowered}" + (f" and raised by {raised}" if raised else "")
        start = f"{claim.body} start at {STARTS[claim.body]}, {steps} is {follows}"
        yield ("certainty",), f"'{claim.certainty}' does not follow: {start}; correct the word or the reasons"


def _check_numbers(claim: Claim, evidence: Evidence) -> Iterator[Fault]:
    for found in PLACEHOLDER.finditer(claim.claim):
        name, part = found[1], found[2] or "value"
        record = evidence.citable.get(name)
        if name in evidence.faulty:
            continue
        if record is None:
            yield ("claim",), f"no record '{name}'{nearest(name, evidence.citable)}; correct the id or add the record"
        elif part not in record.forms:
            yield (
                ("claim",),
                f"the record '{name}' has no reader's form '{part}'; write one of {', '.join(record.forms) or 'none yet'}",
            )
    text = " ".join(_all_text(evidence.citable[name]) for name in claim.named if name in evidence.citable)
    typed = untraceable_numbers(PLACEHOLDER.sub("", claim.claim), text)
    if typed and not evidence.faulty & set(claim.named):
        yield (
            ("claim",),
            f"'{', '.join(typed)}' stands in no record that the claim names; write {{record:part}}, or name its record",
        )


def _all_text(record: Record) -> str:
    return str(record.model_dump(exclude={"read_at", "read_on", "checked", "checked_against"}))


def check_comparison(comparison: Comparison, evidence: Evidence) -> Iterator[Fault]:
    """Yield the faults of a comparison: unknown studies, studies without counts, and what must never be put together."""
    blocks: dict[str, str] = {}
    cohorts: dict[str, str] = {}
    for number, name in enumerate(comparison.studies):
        place: Place = ("studies", number)
        study = evidence.studies.get(name)
        if name in evidence.faulty:
            continue
        if study is None:
            yield place, f"no study '{name}' in evidence/studies{nearest(name, evidence.studies)}; correct the id or add the study"
            continue
        if name in comparison.studies[:number]:
            yield place, f"'{name}' stands twice; keep one"
        counts = study.counts_of(comparison.outcome)
        if counts is None:
            known = [one.outcome for one in study.counts if one.arms]
            hint = nearest(comparison.outcome, known) or f" (it has {', '.join(known) or 'none'})"
            yield (
                place,
                f"'{name}' has no counts in both arms for the outcome '{comparison.outcome}'{hint}; add them or leave it out",
            )
        yield from _check_together(study, place, blocks, cohorts)
    if comparison.pooled and len(comparison.studies) == 1:
        yield ("pooled",), "one study cannot be pooled; write 'pooled: false'"


def _check_together(study: Study, place: Place, blocks: dict[str, str], cohorts: dict[str, str]) -> Iterator[Fault]:
    block = BLOCKS.get(study.intervention) if study.intervention else None
    if block is None:
        yield place, f"'{study.id}' has no single 'intervention'; say in the study what was given"
    else:
        blocks.setdefault(block, study.id)
        if len(blocks) > 1:
            first, other = next(iter(blocks.items()))
            yield place, f"'{study.id}' is {block} and '{other}' is {first}: they answer different questions; make two comparisons"
    if study.cohort:
        other = cohorts.setdefault(study.cohort, study.id)
        if other != study.id:
            yield place, f"'{study.id}' and '{other}' share people (cohort '{study.cohort}'); keep one of the two"
