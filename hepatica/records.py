"""The evidence as typed records: facts, studies, registered trials, terms, scores, series and their sources.

Reads ``evidence/`` once, checks all of it, and reports every fault at once as ``file:line: what is wrong, what to do``.
Knows nothing of Sphinx.
"""

from __future__ import annotations

import csv
import datetime
import difflib
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pybtex.database import Entry, parse_string
from pybtex.exceptions import PybtexError
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from hepatica import located_yaml
from hepatica.located_yaml import LocatedData, Place, Problem
from hepatica.reader_form import default_forms, untraceable_numbers

Text = Annotated[str, StringConstraints(min_length=1)]
Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
Month = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}(-\d{2})?$")]
Year = Annotated[int, Field(ge=1800, le=2100)]
Count = Annotated[int, Field(ge=0)]
CodeSystem = Literal["mesh", "icd10cm", "hpo", "mondo_or_doid", "cl", "uberon", "loinc", "loinc_related_test"]
Level = Literal["full-text", "abstract", "secondary"]

LEVEL_WORDS: dict[str, str] = {
    "full-text": "full text read",
    "abstract": "abstract, table or record read",
    "secondary": "read in another document that quotes it",
}
"""How much of a source was read, in reader's words."""


def _figure(value: object) -> object:
    # One check instead of a union, of which each branch would report an error of its own.
    if isinstance(value, (int, float, str)) and not isinstance(value, bool) and value != "":
        return value
    raise ValueError("write a number, or text in quotes")


def _value(value: object) -> object:
    if not isinstance(value, dict):
        return _figure(value)
    if not value or not all(isinstance(part, str) for part in value):
        raise ValueError("write 'part: number' lines, the parts in quotes if they look like numbers")
    return {part: None if figure is None else _figure(figure) for part, figure in value.items()}


def _form(value: object) -> object:
    if isinstance(value, str) and value:
        return value
    if isinstance(value, dict) and set(value) == {"text", "derived"} and all(isinstance(v, str) and v for v in value.values()):
        return Derived(**value)
    raise ValueError("write text in quotes, or 'text:' and 'derived:' lines")


@dataclass(frozen=True)
class Derived:
    """A reader's form that needs more than rounding, for example a unit conversion."""

    text: str
    derived: str


Figure = Annotated[Any, AfterValidator(_figure)]
Value = Annotated[Any, AfterValidator(_value)]
Form = Annotated[Any, AfterValidator(_form)]


class Record(BaseModel):
    """What all records share: an id, how much was read, when and where."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    id: Id
    shown: dict[str, Form] = Field(default_factory=dict)
    read_on: Month
    read_at: list[Text] = Field(default_factory=list)
    checked: datetime.date | None = None
    checked_against: list[Text] = Field(default_factory=list)
    note: Text | None = None

    @property
    def forms(self) -> dict[str, str]:
        """The reader's forms by part."""
        return {part: form if isinstance(form, str) else form.text for part, form in self.shown.items()}


class Sourced(Record):
    """A record that rests on one entry of ``references.bib``."""

    source: Text
    verification_level: Level


class Fact(Sourced):
    """One finding: what was measured, in whom, when, and by whom."""

    topic: Text
    statement: Text
    value: Value = None
    unit: Text | None = None
    year: Year | None = None
    population: Text | None = None
    as_of: Text | None = None
    caveat: Text | None = None
    read_part: Text | None = None

    @property
    def forms(self) -> dict[str, str]:
        return default_forms(self.value, self.unit) | super().forms


class Outcome(BaseModel):
    """One outcome of a study, in the source's own figures."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    name: Text
    timepoint: Text | None = None
    treated: Figure = None
    control: Figure = None
    effect: Figure = None
    ci: Figure = None
    p: Figure = None
    direction: Text | None = None


class Deaths(BaseModel):
    """Deaths by arm, and on what the count rests."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    treated: Figure = None
    control: Figure = None
    timepoint: Text | None = None
    basis: Text | None = None


class Study(Sourced):
    """A study of cell or related therapy."""

    title: Text
    design: Literal[
        "RCT",
        "non-randomised",
        "single-arm",
        "case reports",
        "systematic review",
        "narrative review",
        "laboratory",
    ]
    blinding: Text | None = None
    registration: Text | None = None
    country: Text | None = None
    population: Text | None = None
    cause: Text | None = None
    n_total: Count | None = None
    n_treated: Count | None = None
    n_control: Count | None = None
    cell_type: Text | None = None
    cell_source: Text | None = None
    route: Text | None = None
    dose: Text | None = None
    comparator: Text | None = None
    follow_up: Text | None = None
    outcomes: list[Outcome] = Field(default_factory=list)
    deaths: Deaths | None = None
    adverse_events: Text | None = None
    authors_conclusion: Text | None = None
    limitations: Text | None = None


class Trial(Record):
    """A registered trial, with the status that was read."""

    id: Text
    title: Text
    condition: Text | None = None
    product: Text
    cell_class: Text
    phase: Text | None = None
    design: Text
    n: Count | None = None
    n_kind: Text | None = None
    sponsor: Text | None = None
    country: Text | None = None
    status: Text
    start: Text | None = None
    est_completion: Text | None = None
    other_ids: list[Text] = Field(default_factory=list)
    registry_last_update: Text | None = None
    results: Text | None = None
    evidence: Text

    @property
    def url(self) -> str | None:
        """The registry's own page, where the id names one."""
        if re.fullmatch(r"NCT\d{8}", self.id):
            return f"https://clinicaltrials.gov/study/{self.id}"
        if re.fullmatch(r"ISRCTN\d+", self.id):
            return f"https://www.isrctn.com/{self.id}"
        return None


class Term(BaseModel):
    """A glossary entry. Definitions are drafts."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    term: Text
    synonyms: list[Text] = Field(default_factory=list)
    lay_synonyms: list[Text] = Field(default_factory=list)
    abbreviation: Text | None = None
    pronunciation: Text
    definition_plain: Text
    definition_clinical: Text
    see_also: list[Text] = Field(default_factory=list)
    codes: dict[CodeSystem, Text] = Field(default_factory=dict)
    code_labels: dict[CodeSystem, Text] = Field(default_factory=dict)
    code_match_notes: dict[CodeSystem, Text] = Field(default_factory=dict)

    @property
    def id(self) -> str:
        """The term itself: what other terms and pages name it by."""
        return self.term

    @property
    def names(self) -> list[str]:
        """The term, its abbreviation and its synonyms: what may stand in ``{term}``."""
        return [self.term, *([self.abbreviation] if self.abbreviation else []), *self.synonyms]


class TestVector(BaseModel):
    """A worked example of a score, from a published or tested implementation."""

    model_config = ConfigDict(extra="allow", frozen=True)
    inputs: dict[str, Any]


class Score(BaseModel):
    """A prognostic score: formula, bounds, units, bands and test vectors.

    The thirteen scores differ in shape; the calculators will type what they use. Here: what every score must have.
    """

    model_config = ConfigDict(extra="allow", frozen=True)
    id: Id
    name: Text
    source: Text
    verification_level: Text
    read_on: Month
    read_at: list[Text]
    disagreements: list[Text]
    test_vectors: list[TestVector]


@dataclass(frozen=True)
class Point:
    """One value of a series. A few series count years after transplant or MELD points instead of calendar years."""

    year: float
    value: float
    unit: str
    source: str


@dataclass(frozen=True)
class Source:
    """One entry of ``references.bib``."""

    key: str
    label: str
    title: str
    published_in: str
    year: str
    doi: str | None
    pmid: str | None
    url: str | None

    @property
    def link(self) -> tuple[str, str] | None:
        """The reader's link and its words: the DOI, else PubMed, else the publisher's page."""
        if self.doi:
            return f"https://doi.org/{self.doi}", f"doi:{self.doi}"
        if self.pmid:
            return f"https://pubmed.ncbi.nlm.nih.gov/{self.pmid}/", f"PubMed {self.pmid}"
        if self.url:
            return self.url, urlsplit(self.url).netloc.removeprefix("www.")
        return None


Citable = Fact | Study | Trial


class EvidenceError(Exception):
    """The evidence has faults. ``problems`` lists all of them, in the order of files and lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))


@dataclass
class Evidence:
    """Everything under ``evidence/``, checked."""

    folder: Path
    facts: dict[str, Fact] = field(default_factory=dict)
    studies: dict[str, Study] = field(default_factory=dict)
    trials: dict[str, Trial] = field(default_factory=dict)
    terms: dict[str, Term] = field(default_factory=dict)
    scores: dict[str, Score] = field(default_factory=dict)
    series: dict[str, list[Point]] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    files: dict[str, Path] = field(default_factory=dict)
    """The file in which each citable record stands."""

    @cached_property
    def citable(self) -> dict[str, Citable]:
        """Facts, studies and trials by id: what a page may name as a source."""
        return {**self.facts, **self.studies, **self.trials}

    @cached_property
    def term_of(self) -> dict[str, Term]:
        """The term of each name, in lower case. A name that two terms share belongs to neither."""
        found: dict[str, Term | None] = {}
        for term in self.terms.values():
            for name in dict.fromkeys(n.lower() for n in term.names):
                found[name] = None if name in found else term
        return {name: term for name, term in found.items() if term}


def nearest(name: str, names: Iterable[str]) -> str:
    """Return " (did you mean 'x'?)" for the most similar name, or nothing."""
    close = difflib.get_close_matches(name, list(names), n=1, cutoff=0.6)
    return f" (did you mean '{close[0]}'?)" if close else ""


def load_evidence(root: Path) -> Evidence:
    """Load and check ``root`` (the folder ``evidence``).

    Raises:
        EvidenceError: with every fault found, in any file.
    """
    evidence = Evidence(root)
    problems: list[Problem] = []
    problems += _load_sources(root, evidence)
    if problems and not evidence.sources:
        raise EvidenceError(problems)  # every record would be a fault too, and hide this one
    kinds: tuple[tuple[str, type[BaseModel], dict[str, Any]], ...] = (
        ("facts", Fact, evidence.facts),
        ("studies", Study, evidence.studies),
        ("trials", Trial, evidence.trials),
        ("terms", Term, evidence.terms),
        ("scores", Score, evidence.scores),
    )
    places: dict[str, Problem] = {}
    for folder, model, target in kinds:
        for path in sorted((root / folder).glob("*.yaml")):
            for item, located, place in _records(path, model, problems):
                name = item.id  # type: ignore[attr-defined]
                seen_key = f"term {name.lower()}" if model is Term else name
                if seen_key in places:
                    first = places[seen_key]
                    problems.append(
                        Problem(
                            path,
                            located.line((*place, "term" if model is Term else "id")),
                            f"the id '{name}' is taken ({first.path}:{first.line}); choose another",
                        )
                    )
                    continue
                places[seen_key] = Problem(path, located.line(place), name)
                target[name] = item
                if model in (Fact, Study, Trial):
                    evidence.files[name] = path
                problems += _check_record(item, located, place, evidence)
    problems += _check_terms(evidence, places)
    problems += _load_series(root, evidence)
    if problems:
        raise EvidenceError(problems)
    return evidence


def _records(path: Path, model: type[BaseModel], problems: list[Problem]) -> Iterator[tuple[BaseModel, LocatedData, Place]]:
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


def _check_record(item: BaseModel, located: LocatedData, place: Place, evidence: Evidence) -> Iterator[Problem]:
    source = getattr(item, "source", None)
    if source is not None and source not in evidence.sources:
        yield Problem(
            located.path,
            located.line((*place, "source")),
            f"no source '{source}' in references.bib{nearest(source, evidence.sources)}; correct the key or add the entry",
        )
    if isinstance(item, Study) and item.n_total is not None and (item.n_treated or 0) + (item.n_control or 0) > item.n_total:
        message = f"'n_treated' {item.n_treated} and 'n_control' {item.n_control} are more than 'n_total' {item.n_total}"
        yield Problem(located.path, located.line((*place, "n_total")), f"{message}; correct one of them")
    if isinstance(item, Record):
        text = _own_text(item)
        for part, form in item.shown.items():
            missing = untraceable_numbers(form, text) if isinstance(form, str) else []
            if missing:
                yield Problem(
                    located.path,
                    located.line((*place, "shown", part)),
                    f"'{', '.join(missing)}' in 'shown.{part}' does not follow from the record; correct it, or write"
                    " 'text:' and 'derived:' that says how it was reached",
                )


def _own_text(item: Record) -> str:
    """All that the record itself says, in which the numbers of its reader's forms must stand."""
    data = item.model_dump(exclude={"shown", "id", "read_at", "read_on", "checked", "checked_against"})
    return " ".join(_leaves(data))


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


def _check_terms(evidence: Evidence, places: Mapping[str, Problem]) -> Iterator[Problem]:
    owners: dict[str, str] = {}
    for term in evidence.terms.values():
        place = places[f"term {term.term.lower()}"]
        for name in term.names:
            owner = owners.setdefault(name.lower(), term.term)
            if owner != term.term:
                message = f"'{name}' is a name of '{owner}' too; keep it in one of the two"
                yield Problem(place.path, place.line, message)
        for other in term.see_also:
            if other not in evidence.terms:
                message = f"see_also names '{other}', which is no term{nearest(other, evidence.terms)}; correct or remove it"
                yield Problem(place.path, place.line, message)


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


ENTRY = re.compile(r"^@(\w+)\{([^,\s]+),", re.MULTILINE)


def _load_sources(root: Path, evidence: Evidence) -> Iterator[Problem]:
    path = root / "references.bib"
    if not path.exists():
        yield Problem(path, 1, "the list of sources is missing; restore it from git")
        return
    text, unreadable = located_yaml.read_text(path)
    if unreadable:
        yield from unreadable
        return
    lines: dict[str, int] = {}
    for match in ENTRY.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        key = match.group(2)
        if key in lines:
            yield Problem(path, line, f"the source '{key}' stands twice (line {lines[key]}); merge the two entries")
        lines.setdefault(key, line)
    if len(lines) < len(ENTRY.findall(text)):
        return
    try:
        entries: Mapping[str, Entry] = parse_string(text, "bibtex").entries
    except PybtexError as error:
        found = re.search(r"line (\d+)", str(error))
        line = int(found.group(1)) if found else 1
        yield Problem(path, line, f"this is not valid BibTeX ({error}); check braces and commas")
        return
    unlinked = _unlinked_hosts(root)
    first: dict[tuple[str, str], str] = {}
    for key, label in source_labels(entries).items():
        entry = entries[key]
        line = lines.get(key, 1)
        fields = entry.fields
        source = Source(
            key=key,
            label=label,
            title=plain(fields.get("title", "")),
            published_in=plain(fields.get("journal") or fields.get("publisher") or ""),
            year=fields.get("year", ""),
            doi=fields.get("doi"),
            pmid=fields.get("pmid"),
            url=fields.get("url"),
        )
        evidence.sources[key] = source
        if not source.title:
            yield Problem(path, line, f"the source '{key}' has no title; add it")
        if source.doi and not re.fullmatch(r"10\.\d{4,9}/\S+", source.doi):
            yield Problem(path, line, f"'{source.doi}' is not a DOI; write it as 10.1234/abc, without https://doi.org/")
        if source.pmid and not re.fullmatch(r"\d{1,9}", source.pmid):
            yield Problem(path, line, f"'{source.pmid}' is not a PubMed id; write its digits only")
        for name, value in (("doi", source.doi), ("pmid", source.pmid)):
            if value:
                other = first.setdefault((name, value.lower()), key)
                if other != key:
                    yield Problem(path, line, f"'{key}' has the {name} of '{other}' ({value}); merge the two entries")
        if source.url:
            host = (urlsplit(source.url).hostname or "").removeprefix("www.")
            if urlsplit(source.url).scheme not in ("http", "https") or not host:
                yield Problem(path, line, f"'{source.url}' is not a web address; begin it with https://")
            elif re.fullmatch(r"[\d.]+", host) or any(host == h or host.endswith(f".{h}") for h in unlinked):
                cure = "link the DOI, PubMed or the publisher, or leave the link out"
                yield Problem(path, line, f"'{host}' is a copy or a seller (unlinked-hosts.txt); {cure}")


def _unlinked_hosts(root: Path) -> set[str]:
    path = root / "unlinked-hosts.txt"
    if not path.exists():
        return set()
    return {line.strip() for line in path.read_text("utf-8").splitlines() if line.strip() and not line.startswith("#")}


def plain(text: str) -> str:
    """Take the TeX out of a BibTeX field: braces and escaped characters."""
    return re.sub(r"\\([&%#_$])", r"\1", text).replace("{", "").replace("}", "")


def source_labels(entries: Mapping[str, Entry]) -> dict[str, str]:
    """Return an author-year label for each entry; letters tell apart those that would be the same.

    Without an author the label takes the publisher, without that the first words of the title.
    """
    bare: dict[str, str] = {}
    for key, entry in entries.items():
        people = entry.persons.get("author") or []
        names = [" ".join([*person.prelast_names, *person.last_names]) for person in people]
        fields = entry.fields
        name = fields.get("shortauthor") or (names[0] if names else "") or fields.get("publisher") or fields.get("title", key)
        words = plain(name).split()
        bare[key] = " ".join([*words[:5], fields.get("year", "undated")])
    groups: dict[str, list[str]] = {}
    for key in sorted(bare, key=str.lower):
        groups.setdefault(bare[key].lower(), []).append(key)
    labels = {}
    for keys in groups.values():
        for index, key in enumerate(keys):
            gap = " " if bare[key].endswith("undated") else ""
            labels[key] = bare[key] + (gap + _letters(index) if len(keys) > 1 else "")
    return {key: labels[key] for key in entries}


def _letters(index: int) -> str:
    """0 is "a", 25 is "z", 26 is "aa"."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return letters
