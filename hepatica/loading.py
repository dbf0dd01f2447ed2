"""Loads ``evidence/`` and checks all of it. Every fault is reported at once, as ``file:line: what is wrong, what to do``.

Knows nothing of Sphinx.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from hepatica import located_yaml
from hepatica.claim_checks import Fault, check_claim, check_comparison
from hepatica.located_yaml import LocatedData, Place, Problem
from hepatica.reader_form import share, untraceable_numbers
from hepatica.record_types import nearest
from hepatica.records import (
    Claim,
    Comparison,
    Evidence,
    Fact,
    Point,
    Question,
    Record,
    Score,
    Study,
    Trial,
)
from hepatica.search_word_checks import check_emergency, check_words
from hepatica.search_words import Emergency, QuestionWords, WordGroup
from hepatica.sources import load_sources
from hepatica.term_checks import check_term
from hepatica.terms import Term


class EvidenceError(Exception):
    """The evidence has faults. ``problems`` lists all of them, in the order of files and lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True)
class Kind:
    """One kind of record: its files, its model, and the records that share its ids."""

    name: str
    files: str
    model: type[BaseModel]
    shares_ids: str


KINDS = (
    Kind("facts", "facts/*.yaml", Fact, "record"),
    Kind("studies", "studies/*.yaml", Study, "record"),
    Kind("trials", "trials/*.yaml", Trial, "record"),
    Kind("questions", "questions.yaml", Question, "question"),
    Kind("claims", "claims/*.yaml", Claim, "claim"),
    Kind("comparisons", "comparisons/*.yaml", Comparison, "comparison"),
    Kind("terms", "terms/*.yaml", Term, "term"),
    Kind("emergencies", "search/emergencies.yaml", Emergency, "emergency"),
    Kind("question_words", "search/question-words.yaml", QuestionWords, "question words"),
    Kind("word_groups", "search/word-groups.yaml", WordGroup, "word"),
    Kind("scores", "scores/*.yaml", Score, "score"),
)
"""In the order of loading: a claim is checked against the records before it."""


def load_evidence(root: Path) -> Evidence:
    """Load and check ``root`` (the folder ``evidence``).

    Raises:
        EvidenceError: with every fault found, in any file.
    """
    evidence = Evidence(root)
    problems: list[Problem] = list(load_sources(root, evidence.sources))
    if problems and not evidence.sources:
        raise EvidenceError(problems)  # every record would be a fault too, and hide this one
    taken: dict[tuple[str, str], Problem] = {}
    terms: list[tuple[Term, LocatedData, Place]] = []
    for kind in KINDS:
        target = getattr(evidence, kind.name)
        for path in sorted(root.glob(kind.files)):
            for item, located, place in _records(path, kind.model, evidence, problems):
                name = item.id  # type: ignore[attr-defined]
                id_key = {Term: "term", WordGroup: "words"}.get(kind.model, "id")
                first = taken.setdefault(
                    (kind.shares_ids, name.lower() if kind.model is Term else name), Problem(path, located.line(place), name)
                )
                if (first.path, first.line) != (path, located.line(place)):
                    message = f"the id '{name}' is taken ({first.path}:{first.line}); choose another"
                    problems.append(Problem(path, located.line((*place, id_key)), message))
                    continue
                target[name] = item
                evidence.places[kind.name, name] = (path, located.line(place))
                problems += _check(item, located, place, evidence)
                if isinstance(item, Term):
                    terms.append((item, located, place))
    for term, located, place in terms:  # they name each other
        problems += _at(check_term(term, evidence), located, place)
    problems += _load_series(root, evidence)
    if problems:
        raise EvidenceError(problems)
    return evidence


def _records(
    path: Path, model: type[BaseModel], evidence: Evidence, problems: list[Problem]
) -> Iterator[tuple[BaseModel, LocatedData, Place]]:
    located = located_yaml.load(path)
    problems += located.problems
    if located.data is None:
        if not located.problems:
            problems.append(Problem(path, 1, "the file is empty; add a record or delete it"))
        return
    if not isinstance(located.data, list):
        problems.append(Problem(path, 1, "the file must be a list of records; begin each with '- id:' (terms with '- term:')"))
        return
    for index, item in enumerate(located.data):
        if not isinstance(item, dict):
            problems.append(Problem(path, located.line((index,)), "this is not a record; write 'key: value' lines under '- id:'"))
            continue
        try:
            yield model.model_validate(item), located, (index,)
        except ValidationError as error:
            problems += [_explain(detail, model, located, index) for detail in error.errors()]
            evidence.faulty.add(str(item.get("term" if model is Term else "id")))


def _explain(detail: Mapping[str, Any], model: type[BaseModel], located: LocatedData, index: int) -> Problem:
    """Turn one pydantic error into a line that a writer can act on."""
    place: Place = (index, *detail["loc"])
    name = ".".join(str(step) for step in place[1:]) or "the record"
    kind, given = detail["type"], detail.get("input")
    if kind == "missing":
        message = f"'{name}' is missing; add it"
    elif kind == "extra_forbidden":
        message = f"unknown key '{name}'{nearest(str(place[-1]), model.model_fields)}; remove it or correct its name"
    elif kind == "literal_error":
        message = f"'{name}' is '{given}'; write one of {detail['ctx']['expected']}"
    elif kind == "string_pattern_mismatch" and place[-1] == "id":
        message = f"the id '{given}' may hold only letters, digits, '.', '_' and '-'; rename it"
    elif kind == "string_pattern_mismatch":
        message = f"'{name}' is '{given}'; write a date as YYYY-MM or YYYY-MM-DD, in quotes"
    elif kind == "string_too_short":
        message = f"'{name}' is empty; fill it in or remove the key"
    elif kind == "value_error":
        message = f"'{name}' is {given!r}; {detail['ctx']['error']}"
    elif kind in ("string_type", "int_type", "float_type", "int_from_float", "list_type", "dict_type", "date_type"):
        wanted = {"s": "text (in quotes if it looks like a number)", "i": "a whole number", "f": "a number", "l": "a list"}
        kinds = wanted | {"d": "a date as YYYY-MM-DD, without quotes" if kind == "date_type" else "'key: value' lines"}
        message = f"'{name}' is {given!r}; write {kinds[kind[0]]}"
    else:
        message = f"'{name}': {detail['msg']}; see evidence/README.md"
    return Problem(located.path, located.line(place), message)


def _check(item: BaseModel, located: LocatedData, place: Place, evidence: Evidence) -> Iterator[Problem]:
    if isinstance(item, Record):
        yield from _check_record(item, located, place, evidence)
    elif isinstance(item, Claim):
        yield from _at(check_claim(item, evidence), located, place)
    elif isinstance(item, Comparison):
        yield from _at(check_comparison(item, evidence), located, place)
    elif isinstance(item, Emergency):
        yield from _at(check_emergency(item, evidence), located, place)
    elif isinstance(item, WordGroup | QuestionWords):
        yield from _at(check_words(item), located, place)


def _at(faults: Iterable[Fault], located: LocatedData, place: Place) -> Iterator[Problem]:
    """Say where in its file each fault of the record at ``place`` is."""
    for inside, message in faults:
        yield Problem(located.path, located.line((*place, *inside)), message)


def _check_record(item: Record, located: LocatedData, place: Place, evidence: Evidence) -> Iterator[Problem]:
    def at(*inside: str | int, message: str) -> Problem:
        return Problem(located.path, located.line((*place, *inside)), message)

    source = getattr(item, "source", None)
    if source is not None and source not in evidence.sources:
        hint = nearest(source, evidence.sources)
        yield at("source", message=f"no source '{source}' in references.bib{hint}; correct the key or add the entry")
    if isinstance(item, Study):
        yield from _check_study(item, at)
    text = own_text(item)
    for part, form in item.shown.items():
        missing = untraceable_numbers(form, text) if isinstance(form, str) else []
        if missing:
            message = (
                f"'{', '.join(missing)}' in 'shown.{part}' does not follow from the record; correct it, or write"
                " 'text:' and 'derived:' that says how it was reached"
            )
            yield at("shown", part, message=message)
    for name, risk in item.risks.items():
        denominators = set()
        for number, group in enumerate(risk.groups):
            form = item.forms.get(group.part)
            found = share(form) if form else None
            if form is None:
                known = nearest(group.part, item.forms)
                message = (
                    f"the record has no reader's form '{group.part}'{known}; write one of {', '.join(item.forms) or 'none yet'}"
                )
                yield at("risks", name, "groups", number, message=message)
            elif found is None or found[1] not in (100, 1000):
                message = f"'{form}' cannot be drawn; name a form that says 'a of 100' or 'a of 1,000'"
                yield at("risks", name, "groups", number, message=message)
            else:
                denominators.add(found[1])
        if len(denominators) > 1:
            yield at("risks", name, message="the two groups have different denominators; show both of 100 or both of 1,000")
        for key in ("when", "years", "who", "where"):
            missing = untraceable_numbers(getattr(risk, key), text)
            if missing:
                yield at("risks", name, key, message=f"'{', '.join(missing)}' does not follow from the record; correct it")


def _check_study(item: Study, at: Callable[..., Problem]) -> Iterator[Problem]:
    if item.n_total is not None and (item.n_treated or 0) + (item.n_control or 0) > item.n_total:
        message = f"'n_treated' {item.n_treated} and 'n_control' {item.n_control} are more than 'n_total' {item.n_total}"
        yield at("n_total", message=f"{message}; correct one of them")
    missing = untraceable_numbers(item.result, own_text(item)) if item.result else []
    if missing:
        yield at("result", message=f"'{', '.join(missing)}' in 'result' does not follow from the record; correct it")
    seen = set()
    for number, counts in enumerate(item.counts):
        if counts.outcome in seen:
            yield at("counts", number, message=f"the outcome '{counts.outcome}' stands twice; keep one")
        seen.add(counts.outcome)


def own_text(item: Record) -> str:
    """Return all that a record itself says, in which the numbers of its reader's forms must stand."""
    ours = {"shown", "risks", "result", "id", "read_at", "read_on", "checked", "checked_against"}
    return " ".join(_leaves(item.model_dump(exclude=ours)))


def _leaves(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, child in value.items():
            yield str(key)
            yield from _leaves(child)
    elif isinstance(value, list):
        for child in value:
            yield from _leaves(child)
    elif value is not None:
        yield str(value)


def _load_series(root: Path, evidence: Evidence) -> Iterator[Problem]:
    for path in sorted((root / "series").glob("*.csv")):
        text, unreadable = located_yaml.read_text(path)
        if unreadable:
            yield from unreadable
            continue
        reader = csv.DictReader(io.StringIO(text))
        header = ["series", "year", "value", "unit", "source"]
        if reader.fieldnames != header:
            yield Problem(path, 1, f"the first line must be '{','.join(header)}'; correct it")
            continue
        seen: dict[tuple[str, str, str], int] = {}
        for row in reader:
            line = reader.line_num
            if None in row or None in row.values():
                yield Problem(path, line, "this line has not five values; check the commas and quotes")
                continue
            try:
                point = Point(float(row["year"]), float(row["value"]), row["unit"], row["source"])
            except ValueError:
                yield Problem(path, line, f"'{row['year']}' and '{row['value']}' must both be numbers; correct them")
                continue
            if point.source not in evidence.sources:
                hint = nearest(point.source, evidence.sources)
                yield Problem(path, line, f"no source '{point.source}' in references.bib{hint}; correct the key or add the entry")
            key = (row["series"], row["year"], row["unit"])
            if key in seen:
                yield Problem(path, line, f"{row['series']} has {row['year']} already (line {seen[key]}); keep one of the two")
            seen[key] = line
            evidence.series.setdefault(row["series"], []).append(point)
