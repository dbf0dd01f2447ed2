"""The records as open data: ``data/`` of the site, made from the same records as the pages, in the same build.

JSON and CSV of every kind, a JSON Schema for each, the sources as BibTeX, and ``datapackage.json``, which lists all of it
with licence, version and checksums (https://datapackage.org/standard/data-package/).
"""

from __future__ import annotations

import csv
import datetime
import hashlib
import io
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docutils import nodes
from pydantic import BaseModel
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole
from sphinx.util.typing import ExtensionMetadata

from hepatica.anki_deck import write_deck
from hepatica.claim_checks import sentence_of
from hepatica.comparisons import results_of
from hepatica.data_files import data_file
from hepatica.evidence import evidence_of, note_files
from hepatica.meta_analysis import Ratio
from hepatica.places import places_of
from hepatica.record_types import nearest
from hepatica.records import Claim, Comparison, Evidence, Fact, Question, Score, Study, Trial
from hepatica.tables import make_row, make_table
from hepatica.terms import Term

logger = logging.getLogger(__name__)

WORKING_NOTES = frozenset({"read_at", "checked_against"})
"""Keys that stay in the source: where a text was read, some of it in copies that nobody should be sent to."""

LICENCE = {"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/", "title": "Creative Commons Attribution 4.0"}


class ClaimData(Claim):
    """A claim as published, its numbers in reader's form."""

    used_on: list[str]
    """Addresses of the pages that use it, from the site's root."""


class StudyResult(BaseModel):
    """One study's line in a comparison."""

    study: str
    treated_events: int
    treated_total: int
    control_events: int
    control_total: int
    risk_ratio: float | None = None
    low: float | None = None
    high: float | None = None
    weight: float


class PooledResult(BaseModel):
    """The pooled line: random effects, DerSimonian and Laird."""

    risk_ratio: float
    low: float
    high: float
    tau2: float
    i2: float


class ComparisonData(Comparison):
    """A comparison as published, with what was computed."""

    results: list[StudyResult]
    pooled_result: PooledResult | None = None


class SeriesPoint(BaseModel):
    """One value of a series."""

    series: str
    year: float
    value: float
    unit: str
    source: str


class TermData(Term):
    """A term as published: what nobody has reviewed says so wherever it goes."""

    review: str = "drafted, not yet reviewed by a clinician"


@dataclass(frozen=True)
class Kind:
    """One kind of data: its file's name, its model, and what it is in a reader's words."""

    name: str
    model: type[BaseModel]
    about: str


KINDS = (
    Kind("facts", Fact, "findings, each with its source"),
    Kind("claims", ClaimData, "claims with their certainty and their studies"),
    Kind("questions", Question, "the questions that claims answer"),
    Kind("studies", Study, "studies: trials, cohorts, reviews, laboratory work"),
    Kind("trials", Trial, "registered trials with the status that was read"),
    Kind("comparisons", ComparisonData, "one outcome across studies, with the risk ratios that we computed"),
    Kind("terms", TermData, "the glossary, with codes"),
    Kind("scores", Score, "prognostic scores with formula, bounds and worked examples"),
    Kind("series", SeriesPoint, "yearly numbers"),
)


def rows_of(kind: str, evidence: Evidence, used_on: Mapping[str, list[str]]) -> list[dict[str, Any]]:
    """Return the records of a kind as plain data, in order of their ids; keys without a value are left out."""
    if kind == "claims":
        return [
            _dump(ClaimData(**{**_values(claim), "claim": sentence_of(claim, evidence), "used_on": used_on.get(claim.id, [])}))
            for claim in _sorted(evidence.claims.values())
        ]
    if kind == "comparisons":
        return [_dump(_comparison(one, evidence)) for one in _sorted(evidence.comparisons.values())]
    if kind == "series":
        points = ((name, point) for name, points in sorted(evidence.series.items()) for point in points)
        return [{"series": name, "year": p.year, "value": p.value, "unit": p.unit, "source": p.source} for name, p in points]
    if kind == "terms":
        return [_dump(TermData(**_values(term))) for term in _sorted(evidence.terms.values())]
    records: Mapping[str, BaseModel] = getattr(evidence, kind)
    return [_dump(record) for record in (records.values() if kind == "questions" else _sorted(records.values()))]


def _sorted(records: Iterable[Any]) -> list[Any]:
    return sorted(records, key=lambda record: (record.id.lower(), record.id))


def _values(record: BaseModel) -> dict[str, Any]:
    # By alias: "for" is no name that Python allows.
    return {info.alias or name: getattr(record, name) for name, info in type(record).model_fields.items()}


def _dump(record: BaseModel) -> dict[str, Any]:
    return record.model_dump(mode="json", by_alias=True, exclude_none=True, exclude=set(WORKING_NOTES))


def _comparison(comparison: Comparison, evidence: Evidence) -> ComparisonData:
    results, pooled = results_of(comparison, evidence)
    lines = [
        StudyResult(
            study=one.study.id,
            treated_events=one.arms.treated_events,
            treated_total=one.arms.treated_total,
            control_events=one.arms.control_events,
            control_total=one.arms.control_total,
            **(_rounded(one.ratio) if one.ratio else {}),
            weight=round(one.weight, 2),
        )
        for one in results
    ]
    together = PooledResult(**_rounded(pooled.ratio), tau2=round(pooled.tau2, 4), i2=round(pooled.i2, 2)) if pooled else None
    return ComparisonData(**_values(comparison), results=lines, pooled_result=together)


def _rounded(ratio: Ratio) -> dict[str, float]:
    return {"risk_ratio": round(ratio.value, 4), "low": round(ratio.low, 4), "high": round(ratio.high, 4)}


def schema_of(model: type[BaseModel]) -> dict[str, Any]:
    """Return the JSON Schema of a file of such records (draft 2020-12)."""
    item = model.model_json_schema(mode="serialization", by_alias=True)
    item["properties"] = {name: value for name, value in item["properties"].items() if name not in WORKING_NOTES}
    # Keys without a value are left out of the files, so only those that a writer must give are required.
    needed = {info.alias or name for name, info in model.model_fields.items() if info.is_required()}
    item["required"] = sorted(needed - WORKING_NOTES)
    definitions = item.pop("$defs", {})
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "array",
        "items": item,
        **({"$defs": definitions} if definitions else {}),
    }


def as_json(rows: object) -> str:
    """Return data as JSON, one record a line, so that two versions can be compared line by line."""
    if isinstance(rows, list):
        return "[\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n]\n"
    return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"


def as_csv(rows: Sequence[Mapping[str, Any]], model: type[BaseModel]) -> str:
    """Return data as CSV; lists and nested parts are JSON inside a cell."""
    columns = [info.alias or name for name, info in model.model_fields.items() if name not in WORKING_NOTES]
    columns += sorted({key for row in rows for key in row} - set(columns))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        cells = (row.get(column) for column in columns)
        writer.writerow(
            [
                json.dumps(cell, ensure_ascii=False) if isinstance(cell, list | dict) else "" if cell is None else cell
                for cell in cells
            ]
        )
    return text.getvalue()


def write_data(
    folder: Path, evidence: Evidence, used_on: Mapping[str, list[str]], version: str, created: datetime.datetime
) -> None:
    """Write every file into ``folder``, which is made anew."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "schema").mkdir(parents=True)
    for kind in KINDS:
        rows = rows_of(kind.name, evidence, used_on)
        (folder / f"{kind.name}.json").write_text(as_json(rows), "utf-8")
        (folder / f"{kind.name}.csv").write_text(as_csv(rows, kind.model), "utf-8")
        (folder / "schema" / f"{kind.name}.json").write_text(as_json(schema_of(kind.model)), "utf-8")
    shutil.copyfile(evidence.folder / "references.bib", folder / "references.bib")
    write_deck(folder / DECK, evidence.terms.values(), created.timestamp())
    package = {
        "name": "hepatica",
        "title": "Hepatica: liver failure, from transplant to stem cell therapy",
        "description": "Facts with their sources, graded claims, studies, registered trials, terms, scores and yearly numbers.",
        "version": version,
        "created": created.isoformat(),
        "licenses": [LICENCE],
        "resources": list(_resources(folder)),
    }
    (folder / "datapackage.json").write_text(as_json(package), "utf-8")


DECK = "glossary.apkg"
DECK_ABOUT = "the glossary as cards for Anki, each way round"
MEDIA = {".json": "application/json", ".csv": "text/csv", ".bib": "application/x-bibtex", ".apkg": "application/zip"}


def _resources(folder: Path) -> Iterator[dict[str, Any]]:
    about = {kind.name: kind.about for kind in KINDS} | {"references": "the sources", DECK.removesuffix(".apkg"): DECK_ABOUT}
    for path in sorted(folder.iterdir()):
        if path.is_file():
            content = path.read_bytes()
            resource = {
                "name": path.name.replace(".", "-"),
                "path": path.name,
                "description": about[path.stem],
                "mediatype": MEDIA[path.suffix],
                "bytes": len(content),
                "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
            }
            if path.suffix != ".apkg":
                resource["encoding"] = "utf-8"
            # In a Data Package a schema describes the columns of a table; the JSON Schema of records is a link of ours.
            if path.suffix == ".json":
                resource["recordSchema"] = f"schema/{path.name}"
            yield resource


class DataRole(SphinxRole):
    """``{data-file}`terms.csv```: a link to one of the files; in the book its name."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        names = [f"{kind.name}.{suffix}" for kind in KINDS for suffix in ("json", "csv")]
        names += ["references.bib", "datapackage.json", DECK]
        if self.text not in names:
            message = f"no file '{self.text}' in data/{nearest(self.text, names)}; write one of {', '.join(names)}"
            logger.warning(message, location=self.get_location(), type="hepatica", subtype="data")
        return [data_file("", self.text, path=self.text)], []


class OpenData(SphinxDirective):
    """``{open-data}``: a table of the files, with links on the site and names in the book."""

    def run(self) -> list[nodes.Node]:
        evidence = evidence_of(self.env)
        note_files(self.env, *(kind.name for kind in KINDS))
        for path in sorted((evidence.folder / "series").glob("*.csv")):
            self.env.note_dependency(path)
        rows = []
        for kind in KINDS:
            count = sum(map(len, evidence.series.values())) if kind.name == "series" else len(getattr(evidence, kind.name))
            files = [f"{kind.name}.json", f"{kind.name}.csv", f"schema/{kind.name}.json"]
            rows.append(_row(kind.name.capitalize(), kind.about, f"{count:,}", files))
        rows.append(_row("References", "every source", f"{len(evidence.sources):,}", ["references.bib"]))
        rows.append(_row("Cards", DECK_ABOUT, f"{2 * len(evidence.terms):,}", [DECK]))
        rows.append(_row("Package", "list of all files, licence, version, checksums", "", ["datapackage.json"]))
        return [make_table(("Data", "What it is", "Records", "Files"), rows)]


def _row(name: str, about: str, count: str, files: Sequence[str]) -> nodes.row:
    links: list[nodes.Node] = []
    for path in files:
        links += [nodes.Text(" · ")] if links else []
        links.append(data_file("", path, path=path))
    return make_row([name, about, count, nodes.paragraph("", "", *links)])


def _write(app: Sphinx, exception: Exception | None) -> None:
    if exception is not None or app.builder.name != "html":
        return
    evidence = evidence_of(app.env)
    used_on = {name: [f"{page}.html#{anchor}" for page, anchor in places_of(app.env, "claim", name)] for name in evidence.claims}
    created = datetime.datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", "0")), datetime.UTC)
    write_data(Path(app.outdir) / "data", evidence, used_on, app.config.version, created)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Write the data when the site is built, and list it on its page."""
    app.add_directive("open-data", OpenData)
    app.add_role("data-file", DataRole())
    app.connect("build-finished", _write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
