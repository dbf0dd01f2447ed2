"""The work list of the evidence: ``python -m hepatica.evidence_report``, or ``nox -s evidence``.

Finds what is not wrong in form, and so stops no build, but wants a look: duplicates, records that nothing uses, claims whose
search is old, facts past their review, what was read second-hand, numbers that disagree. With ``--online`` it also asks
Crossref and PubMed about every source.
"""

from __future__ import annotations

import argparse
import datetime
import difflib
import itertools
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from hepatica.loading import EvidenceError, load_evidence
from hepatica.located_yaml import Problem
from hepatica.records import Citable, Evidence, Fact, Sourced, Study
from hepatica.registries import CROSSREF, PUBMED, UnreachableError, check_online
from hepatica.sources import ENTRY

REVIEW_MONTHS = 24
"""A fact is looked up again after two years."""

SEARCH_MONTHS = 12
"""A claim's search is done again after one year."""

OLD_STUDY_YEARS = 8
"""A claim whose newest study is this much older than its search: newer ones may have been missed."""

OLD_YEARS = 10
"""A number older than this is said to be old on its page (docs style), and is looked for anew."""

SAME = 0.9
"""Statements this similar (from 0 to 1) say nearly the same."""

SHOWN = 8
"""Findings of a kind that are printed without ``--all``."""

USE = re.compile(r"\{(?:fact|source|study|rating)\}`([\w.-]+)|:{3,}\{(?:claim|risk|forest)\}\s+([\w.-]+)")
LISTED = re.compile(r":{3,}\{(?:claims|studies|trials)\}[^\n]*\n(.*?)\n:{3,}", re.DOTALL)
SIZE = re.compile(r"(\d[\d,]*) (?:people|patients|donors|recipients|participants|adults|children)\b")


@dataclass
class Base:
    """The evidence, and what the pages use of it."""

    evidence: Evidence
    pages: dict[Path, str]
    today: datetime.date
    source_lines: dict[str, int] = field(default_factory=dict)

    @cached_property
    def named(self) -> set[str]:
        """Ids of all records that a page names itself."""
        found: set[str] = set()
        for text in self.pages.values():
            found |= {name for match in USE.finditer(text) for name in match.groups() if name}
            found |= {line.strip() for body in LISTED.findall(text) for line in body.splitlines()}
        return found

    @cached_property
    def used(self) -> set[str]:
        """Ids of all records that a reader meets: named by a page, a claim, a comparison, or advice of a term or an emergency."""
        found = set(self.named)
        for claim in self.evidence.claims.values():
            found |= set(claim.named)
        for comparison in self.evidence.comparisons.values():
            found |= set(comparison.studies)
        for term in self.evidence.terms.values():
            found |= set(term.rests_on)
        for emergency in self.evidence.emergencies.values():
            found |= set(emergency.rests_on)
        return found

    def at(self, record: Citable, message: str) -> Problem:
        """Return a finding at a fact, study or trial."""
        kind = "facts" if isinstance(record, Fact) else "studies" if isinstance(record, Study) else "trials"
        return self.of(kind, record.id, message)

    def of(self, kind: str, name: str, message: str) -> Problem:
        """Return a finding at a record of any kind."""
        path, line = self.evidence.places[kind, name]
        return Problem(path, line, message)

    def at_source(self, key: str, message: str) -> Problem:
        """Return a finding at a source."""
        return Problem(self.evidence.folder / "references.bib", self.source_lines.get(key, 1), message)

    def age(self, date: datetime.date) -> int:
        """Return how many months ago a date is."""
        return (self.today.year - date.year) * 12 + self.today.month - date.month


def load_base(evidence: Evidence, docs: Path, today: datetime.date) -> Base:
    """Read the pages and the lines of the sources."""
    text = (evidence.folder / "references.bib").read_text("utf-8")
    lines = {match[2]: text.count("\n", 0, match.start()) + 1 for match in ENTRY.finditer(text)}
    return Base(evidence, {path: path.read_text("utf-8") for path in sorted(docs.rglob("*.md"))}, today, lines)


def find_duplicates(base: Base) -> Iterator[Problem]:
    """Find sources of one title, and facts of one source that say nearly the same."""
    titles: dict[str, str] = {}
    for source in base.evidence.sources.values():
        title = re.sub(r"[^a-z0-9]+", " ", source.title.lower()).strip()
        other = titles.setdefault(f"{title} {source.year}", source.key)
        if other != source.key:
            yield base.at_source(source.key, f"'{source.key}' has title and year of '{other}'; merge them if they are one")
    by_source: dict[str, list[Fact]] = {}
    for fact in base.evidence.facts.values():
        by_source.setdefault(fact.source, []).append(fact)
    for facts in by_source.values():
        for one, another in itertools.combinations(facts, 2):
            matcher = difflib.SequenceMatcher(None, one.statement, another.statement, autojunk=False)
            if min(matcher.quick_ratio(), matcher.ratio()) > SAME:
                yield base.at(another, f"'{another.id}' says nearly the same as '{one.id}'; keep one")


def find_orphans(base: Base) -> Iterator[Problem]:
    """Find sources that no record names, and records that no page, claim or comparison names."""
    records = base.evidence.citable.values()
    cited = {record.source for record in records if isinstance(record, Sourced)}
    cited |= {point.source for points in base.evidence.series.values() for point in points}
    for key in base.evidence.sources:
        if key not in cited and not any(f"`{key}`" in text for text in base.pages.values()):
            yield base.at_source(key, f"nothing names the source '{key}'; use it or delete it")
    for fact in base.evidence.facts.values():
        if fact.id not in base.used:
            yield base.at(fact, f"no page or claim uses the fact '{fact.id}'; it waits for one")


def _newest(base: Base, named: Iterable[str]) -> int:
    records = (base.evidence.citable[name] for name in named)
    years = (base.evidence.sources[record.source].year for record in records if isinstance(record, Sourced))
    return max((int(year) for year in years if year.isdigit()), default=0)


def find_old_searches(base: Base) -> Iterator[Problem]:
    """Find claims that were searched long ago, before a study that they name, or whose newest study is old."""
    for claim in base.evidence.claims.values():
        newest = _newest(base, claim.named)
        if base.age(claim.searched) > SEARCH_MONTHS:
            yield base.of("claims", claim.id, f"'{claim.id}' was searched on {claim.searched}; search again")
        elif newest > claim.searched.year:
            yield base.of(
                "claims", claim.id, f"'{claim.id}' names a study of {newest}, and was searched before, on {claim.searched}"
            )
        elif newest and claim.searched.year - newest >= OLD_STUDY_YEARS:
            told = f"the newest study of '{claim.id}' is of {newest}, its search of {claim.searched}"
            yield base.of("claims", claim.id, f"{told}: look whether newer ones were missed")


def find_old_facts(base: Base) -> Iterator[Problem]:
    """Find records in use that were read long ago, and numbers that are old."""
    for record in base.evidence.citable.values():
        if record.id not in base.used:
            continue
        year, month, *_ = record.read_on.split("-")
        read = max(record.checked or datetime.date.min, datetime.date(int(year), int(month), 1))
        if base.age(read) > REVIEW_MONTHS:
            yield base.at(record, f"'{record.id}' was last read in {read:%Y-%m}; look it up again")
        elif isinstance(record, Fact) and record.year and base.today.year - record.year > OLD_YEARS:
            yield base.at(record, f"the number of '{record.id}' is of {record.year}; look for a newer one, or say its age")


def find_unchecked(base: Base) -> Iterator[Problem]:
    """Find records in use that nobody but their writer has looked up."""
    for record in base.evidence.citable.values():
        if record.id in base.used and record.checked is None:
            yield base.at(record, f"'{record.id}' is in use, and nobody has looked it up again; do, and set 'checked'")


def find_second_hand(base: Base) -> Iterator[Problem]:
    """Find records in use that were read only in a document that quotes them."""
    for record in base.evidence.citable.values():
        if record.id in base.used and isinstance(record, Sourced) and record.verification_level == "secondary":
            yield base.at(record, f"'{record.id}' was read only in a document that quotes it; read the source itself")


def find_disagreements(base: Base) -> Iterator[Problem]:
    """Find numbers that two records give differently: the size of a study, or the same part of the same source."""
    by_source: dict[str, list[Citable]] = {}
    for record in base.evidence.citable.values():
        if isinstance(record, Sourced):
            by_source.setdefault(record.source, []).append(record)
    for records in by_source.values():
        for one, other in itertools.combinations(records, 2):
            yield from _sizes(base, one, other)
            yield from _parts(base, one, other)


def _sizes(base: Base, one: Citable, other: Citable) -> Iterator[Problem]:
    for study, fact in ((one, other), (other, one)):
        if isinstance(study, Study) and study.n_total and isinstance(fact, Fact):
            sizes = {int(size.replace(",", "")) for size in SIZE.findall(fact.statement)}
            known = {study.n_total, study.n_treated, study.n_control}
            if sizes and not sizes & known:
                told = ", ".join(f"{size:,}" for size in sorted(sizes))
                yield base.at(
                    fact, f"'{fact.id}' counts {told} people, the study '{study.id}' {study.n_total:,}; say which part it is"
                )


def _parts(base: Base, one: Citable, other: Citable) -> Iterator[Problem]:
    if not (isinstance(one, Fact) and isinstance(other, Fact) and one.unit == other.unit and one.population == other.population):
        return
    values = [fact.value if isinstance(fact.value, dict) else {} for fact in (one, other)]
    for part in values[0].keys() & values[1].keys():
        if values[0][part] != values[1][part]:
            message = (
                f"'{part}' is {values[1][part]} in '{other.id}' and {values[0][part]} in '{one.id}', of one source and population"
            )
            yield base.at(other, f"{message}; correct one, or say how they differ")


CHECKS: tuple[tuple[str, Callable[[Base], Iterator[Problem]]], ...] = (
    ("Numbers that disagree", find_disagreements),
    ("Duplicates", find_duplicates),
    ("Claims to search again", find_old_searches),
    ("Records in use that nobody has looked up again", find_unchecked),
    ("Records in use that were read only second-hand", find_second_hand),
    ("Old numbers in use, and records past their review", find_old_facts),
    ("Sources and facts that nothing uses", find_orphans),
)
"""In the order in which a reader would be glad of the work."""


def show(title: str, findings: list[Problem], *, everything: bool) -> None:
    """Print one part of the list."""
    print(f"\n{title}: {len(findings)}")
    shown = findings if everything else findings[:SHOWN]
    for finding in shown:
        print(f"  {finding}")
    if len(findings) > len(shown):
        print(f"  ... and {len(findings) - len(shown)} more: add --all")


def show_progress(name: str, done: int, total: int) -> None:
    """Say how far it is: over itself on a screen, now and then in a log."""
    end = "\n" if done == total else "\r"
    if sys.stderr.isatty():
        print(f"{name}: {done} of {total} sources", end=end, file=sys.stderr, flush=True)
    elif done == total or done % 100 == 0:
        print(f"{name}: {done} of {total} sources", file=sys.stderr, flush=True)


def main(arguments: list[str] | None = None) -> int:
    """Print what in the evidence wants a look. Ends with 0: a work list is no fault."""
    parser = argparse.ArgumentParser(prog="nox -s evidence --", description=main.__doc__)
    parser.add_argument("--online", action="store_true", help="also ask Crossref and PubMed about every source")
    parser.add_argument("--all", action="store_true", help=f"print everything, not the first {SHOWN} of each kind")
    parser.add_argument("--root", type=Path, default=Path(), help="the folder that holds docs and evidence (default: this one)")
    parser.add_argument("--today", type=datetime.date.fromisoformat, default=None, help="reckon ages from this day (YYYY-MM-DD)")
    parser.add_argument("--crossref", default=CROSSREF, help="Crossref's address")
    parser.add_argument("--pubmed", default=PUBMED, help="PubMed's address")
    parser.add_argument("--pause", type=float, default=None, help="seconds between two requests")
    options = parser.parse_args(arguments)
    try:
        evidence = load_evidence(options.root / "evidence")
    except EvidenceError as error:
        print(error)
        return 1
    base = load_base(evidence, options.root / "docs", options.today or datetime.datetime.now(datetime.UTC).date())
    total = 0
    for title, check in CHECKS:
        findings = sorted(set(check(base)))
        total += len(findings)
        show(title, findings, everything=options.all)
    if options.online:
        total += ask_online(base, options)
    print(f"\n{total} things to look at. None of them stops a build.")
    return 0


def ask_online(base: Base, options: argparse.Namespace) -> int:
    """Ask the registers and print what differs; say in one line if there is no network."""
    pause = {} if options.pause is None else {"pause": options.pause}
    found: list[Problem] = []
    stopped = ""
    try:
        for key, difference in check_online(
            base.evidence.sources.values(), show_progress, options.crossref, options.pubmed, **pause
        ):
            found.append(base.at_source(key, difference))
    except UnreachableError as error:
        stopped = str(error)
    retracted = [finding for finding in found if finding.message.startswith("RETRACTED")]
    show("Retracted, say Crossref or PubMed", sorted(retracted), everything=True)
    show("Crossref or PubMed say otherwise", sorted(set(found) - set(retracted)), everything=options.all)
    if stopped:
        print(f"\nNot finished: {stopped}.")
    return len(found)


if __name__ == "__main__":
    sys.exit(main())
