"""The evidence as typed records: facts, studies, registered trials, claims, comparisons, terms, scores and series.

Knows nothing of Sphinx. ``loading`` reads them from ``evidence/`` and checks them.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from hepatica.certainty import Body, Domain, Upgrade
from hepatica.certainty import Level as Certainty
from hepatica.meta_analysis import Arms, in_words, risk_ratio
from hepatica.reader_form import default_forms
from hepatica.record_types import Id, Part, Text
from hepatica.search_words import Emergency, QuestionWords, WordGroup
from hepatica.sources import Source
from hepatica.terms import Term, TermNames

Month = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}(-\d{2})?$")]
Year = Annotated[int, Field(ge=1800, le=2100)]
Count = Annotated[int, Field(ge=0)]
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


class RiskGroup(Part):
    """One group of people in a risk picture."""

    part: Text
    """The part of the record that holds the number, as "a of 100" or "a of 1,000"."""

    label: Text


class Risk(Part):
    """A risk picture: one group of people, or two side by side, and what happened to them."""

    who: Text
    event: Text
    """What happened to those who are drawn filled: "had died"."""

    others: Text
    """What happened to the rest: "were alive"."""

    when: Text
    where: Text
    years: Text
    groups: Annotated[list[RiskGroup], Field(min_length=1, max_length=2)]


class Record(Part):
    """What all records share: an id, how much was read, when and where."""

    id: Id
    shown: dict[str, Form] = Field(default_factory=dict)
    risks: dict[str, Risk] = Field(default_factory=dict)
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


class Outcome(Part):
    """One outcome of a study, in the source's own figures."""

    name: Text
    timepoint: Text | None = None
    treated: Figure = None
    control: Figure = None
    effect: Figure = None
    ci: Figure = None
    p: Figure = None
    direction: Text | None = None


def _people(value: str) -> str:
    found = re.fullmatch(r"(\d+)/(\d+)", value)
    if found and 0 < int(found[2]) >= int(found[1]):
        return value
    raise ValueError("write people with the event and all people as 15/56")


People = Annotated[str, AfterValidator(_people)]
"""People with the event and all people of an arm, as "15/56"."""


class Counts(Part):
    """People with one outcome in each arm of a study, and on what the count rests."""

    outcome: Id
    treated: People
    control: People | None = None
    timepoint: Text
    basis: Text

    @property
    def arms(self) -> Arms | None:
        """Both arms, where there are two."""
        if self.control is None:
            return None
        (treated, treated_total), (control, control_total) = (
            map(int, people.split("/")) for people in (self.treated, self.control)
        )
        return Arms(treated, treated_total, control, control_total)


class RiskOfBias(Part):
    """Our judgement of a study, from what was read of it."""

    rating: Literal["low", "some concerns", "high", "unclear"]
    reason: Text


Condition = Literal[
    "acute liver failure",
    "acute-on-chronic liver failure",
    "alcohol-related hepatitis",
    "decompensated cirrhosis",
    "compensated cirrhosis",
    "cirrhosis, stage mixed or not stated",
    "hepatorenal syndrome",
    "inborn liver disease",
    "biliary atresia",
    "other illness",
]
Intervention = Literal[
    "MSC, donor",
    "MSC, own",
    "marrow cells, own",
    "blood stem cells, own",
    "macrophages",
    "liver cells",
    "other cells",
    "G-CSF, no cells",
    "device with liver cells",
    "plasma exchange",
    "medicine",
    "several",
]
BLOCKS: dict[Intervention, str] = {
    "MSC, donor": "infused cells",
    "MSC, own": "infused cells",
    "marrow cells, own": "infused cells",
    "blood stem cells, own": "infused cells",
    "macrophages": "infused cells",
    "liver cells": "infused cells",
    "other cells": "infused cells",
    "G-CSF, no cells": "G-CSF alone",
    "device with liver cells": "devices and plasma exchange",
    "plasma exchange": "devices and plasma exchange",
    "medicine": "medicines",
}
"""What may stand in one comparison. The blocks answer different questions and are never put together."""


class Study(Sourced):
    """A study of cell or related therapy.

    ``conditions``, ``intervention``, ``given``, ``result`` and ``risk_of_bias`` are what the tables of studies show.
    """

    title: Text
    conditions: list[Condition] = Field(default_factory=list)
    intervention: Intervention | None = None
    given: Text | None = None
    result: Text | None = None
    risk_of_bias: RiskOfBias | None = None
    cohort: Id | None = None
    """A name that studies with some of the same people share: they are never counted together."""

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
    counts: list[Counts] = Field(default_factory=list)
    adverse_events: Text | None = None
    authors_conclusion: Text | None = None
    limitations: Text | None = None

    @property
    def forms(self) -> dict[str, str]:
        return self.ratios | super().forms

    @property
    def ratios(self) -> dict[str, str]:
        """The risk ratio of each outcome with counts in both arms, computed by us: the part ``death-rr``."""
        found = {}
        for counts in self.counts:
            ratio = risk_ratio(counts.arms) if counts.arms else None
            if ratio:
                found[f"{counts.outcome}-rr"] = in_words(ratio)
        return found

    def counts_of(self, outcome: str) -> Counts | None:
        """Return the counts of one outcome in both arms, where there are any."""
        return next((counts for counts in self.counts if counts.outcome == outcome and counts.arms), None)


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


class Question(Part):
    """A reader's question, under which claims stand in the evidence map."""

    id: Id
    question: Text


class Lowered(Part):
    """One of GRADE's reasons for being less sure, with the number of steps down."""

    domain: Domain
    by: Annotated[int, Field(ge=1, le=3)]
    reason: Text


class Raised(Part):
    """One of GRADE's reasons for being surer, with the number of steps up."""

    domain: Upgrade
    by: Annotated[int, Field(ge=1, le=2)]
    reason: Text


OutcomeKind = Literal["death", "illness or event", "how people feel", "test or score", "several"]
OUTCOME_WORDS: dict[OutcomeKind, str] = {
    "death": "whether people live",
    "illness or event": "something that happens to people, not only a test",
    "how people feel": "how people feel",
    "test or score": "only a test or score: not the same as a longer or better life",
    "several": "",
}
"""What was measured, in reader's words."""


class Claim(Part):
    """What we say about one question, how sure that is by GRADE, and why not surer.

    ``{record:part}`` in the sentence stands for a reader's form.
    """

    id: Id
    question: Id
    claim: Text
    certainty: Certainty
    rated_by: Text | None = None
    """Whose rating it is, where it is not ours."""

    body: Body
    lowered: list[Lowered] = Field(default_factory=list)
    raised: list[Raised] = Field(default_factory=list)
    population: Text
    outcome: Text
    outcome_kind: OutcomeKind
    for_: list[Id] = Field(default_factory=list, alias="for")
    against: list[Id] = Field(default_factory=list)
    facts: list[Id] = Field(default_factory=list)
    searched: datetime.date
    search_terms: Text
    note: Text | None = None

    @property
    def named(self) -> list[str]:
        """Every record that the claim names, once."""
        return list(dict.fromkeys([*self.for_, *self.against, *self.facts]))


class Comparison(Part):
    """One outcome compared across studies: what a forest plot shows, and the plan that says whether it may be pooled."""

    id: Id
    title: Text
    outcome: Id
    treated: Text
    control: Text
    fewer: Text
    """What the left side of the plot means: "fewer deaths with cells"."""

    more: Text
    studies: Annotated[list[Id], Field(min_length=1)]
    pooled: bool
    plan: Text
    """Why the studies may be pooled, or may not."""

    computed: datetime.date


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


Citable = Fact | Study | Trial


@dataclass
class Evidence:
    """Everything under ``evidence/``, checked."""

    folder: Path
    facts: dict[str, Fact] = field(default_factory=dict)
    studies: dict[str, Study] = field(default_factory=dict)
    trials: dict[str, Trial] = field(default_factory=dict)
    questions: dict[str, Question] = field(default_factory=dict)
    claims: dict[str, Claim] = field(default_factory=dict)
    comparisons: dict[str, Comparison] = field(default_factory=dict)
    terms: dict[str, Term] = field(default_factory=dict)
    emergencies: dict[str, Emergency] = field(default_factory=dict)
    question_words: dict[str, QuestionWords] = field(default_factory=dict)
    word_groups: dict[str, WordGroup] = field(default_factory=dict)
    scores: dict[str, Score] = field(default_factory=dict)
    series: dict[str, list[Point]] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    faulty: set[str] = field(default_factory=set)
    """Ids of records that have faults of their own, so that what names them is not called wrong as well."""

    places: dict[tuple[str, str], tuple[Path, int]] = field(default_factory=dict)
    """The file and line of each record, by kind ("facts", "claims", ...) and id."""

    @cached_property
    def citable(self) -> dict[str, Citable]:
        """Facts, studies and trials by id: what a page may name as a source."""
        return {**self.facts, **self.studies, **self.trials}

    def file_of(self, record: Citable) -> Path:
        """Return the file in which a citable record stands."""
        kind = "facts" if isinstance(record, Fact) else "studies" if isinstance(record, Study) else "trials"
        return self.places[kind, record.id][0]

    @cached_property
    def term_names(self) -> TermNames:
        """Every name of every term."""
        return TermNames(self.terms.values())
