"""``{studies}`` and ``{trials}``: tables of studies and of registered trials, chosen by what they are about.

On a wide screen a table that can be sorted and filtered, on a phone a card for each row, in the book a card each as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, get_args

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.typing import ExtensionMetadata, OptionSpec

from hepatica.choosers import DESIGNS, Chooser, slug
from hepatica.dates import day, in_words, month
from hepatica.evidence import evidence_of, note_files
from hepatica.notes import label_of, note_citation
from hepatica.places import record_link
from hepatica.records import BLOCKS, Condition, Intervention, Study, Trial
from hepatica.tables import Cell, cells_of, make_row, make_table

STUDY_HEADS = ("Study", "People", "Illness", "What was given", "Result", "Risk of bias")
TRIAL_HEADS = ("Trial", "What is given", "Design", "People", "Status", "Ends")
OPTIONS = ("condition", "block", "cells", "design", "results")
NO_RESULT = ("No result", "Result not read")
"""How the ``result`` of a study begins that has none, or whose result nobody here has read."""


class StudiesDirective(Chooser):
    """``:::{studies}`` with ``:condition:``, ``:block:``, ``:cells:``, ``:design:``, ``:results:`` (parted by ``;``), or ids."""

    option_spec: ClassVar[OptionSpec] = dict.fromkeys(OPTIONS, directives.unchanged_required)
    choices: ClassVar[dict[str, Sequence[str]]] = {
        "condition": get_args(Condition),
        "block": sorted(set(BLOCKS.values())),
        "cells": get_args(Intervention),
        "design": DESIGNS,
        "results": ("read", "none yet"),
    }

    def run(self) -> list[nodes.Node]:
        evidence = evidence_of(self.env)
        note_files(self.env, "studies")
        asked = {option: self.chosen(option) for option in self.choices}
        named = self.ids(evidence.studies) if self.content else list(evidence.studies)
        found = [evidence.studies[name] for name in named if _fits(evidence.studies[name], asked)]
        if not found:
            self.warn("no study fits these options; widen them")
            return []
        unfinished = [study.id for study in found if not (study.given and study.result)]
        if unfinished:
            self.warn(f"these studies lack 'given' or 'result', which the table shows: {', '.join(unfinished)}; add them")
            return []
        found.sort(key=lambda study: (-int(evidence.sources[study.source].year or 0), study.id))
        rows = [self.row(study) for study in found]
        table = make_table(STUDY_HEADS, rows, "hep-studies")
        self.set_source_info(table)
        return [table]

    def row(self, study: Study) -> nodes.row:
        """Return one study's row; its class names the illnesses, for the filter."""
        blinding = "" if (study.blinding or "none").startswith("none") else study.blinding
        design = ", ".join(part for part in (study.design, blinding, study.country) if part)
        note_citation(study.source, f"{study.id}-in-tables", self.env)
        name = nodes.paragraph("", "", record_link("", label_of(study, evidence_of(self.env)), kind="study", record=study.id))
        first = [name, *_sub(design)]
        bias = study.risk_of_bias
        cells: list[Cell] = [
            first,
            f"{study.n_total:,}" if study.n_total else "not stated",
            "; ".join(study.conditions) or ("not in people" if study.design == "laboratory" else "not stated"),
            study.given or "",
            study.result or "",
            bias.rating.capitalize() if bias else "Not rated",
        ]
        classes = [f"hep-is-{slug(condition)}" for condition in study.conditions]
        return make_row(cells, *classes)


def _fits(study: Study, asked: dict[str, set[str] | None]) -> bool:
    block = BLOCKS.get(study.intervention) if study.intervention else None
    results = "none yet" if (study.result or "").startswith(NO_RESULT) else "read"
    has: dict[str, set[str | None]] = {
        "condition": set(study.conditions),
        "block": {block},
        "cells": {study.intervention},
        "design": {study.design},
        "results": {results},
    }
    return all(wanted is None or has[option] & wanted for option, wanted in asked.items())


class TrialsDirective(Chooser):
    """``:::{trials}``, with ids in its body for some of them."""

    def run(self) -> list[nodes.Node]:
        evidence = evidence_of(self.env)
        note_files(self.env, "trials")
        named = self.ids(evidence.trials) if self.content else list(evidence.trials)
        if not named:
            return []
        table = make_table(TRIAL_HEADS, [self.row(evidence.trials[name]) for name in named], "hep-studies")
        self.set_source_info(table)
        return [table]

    def row(self, trial: Trial) -> nodes.row:
        """Return one trial's row, with its registry and the date on which its status was read."""
        name: nodes.Node = record_link("", trial.id, kind="trial", record=trial.id)
        first = [
            nodes.paragraph("", "", name),
            *_sub(", ".join(filter(None, [trial.title, trial.country]))),
        ]
        if trial.url:
            first.append(nodes.paragraph("", "", nodes.reference("", "Registry entry", refuri=trial.url, internal=False)))
        read = day(trial.checked) if trial.checked else month(trial.read_on)
        changed = in_words(trial.registry_last_update or "")
        cells: list[Cell] = [
            first,
            trial.product,
            [*_text(trial.design), *_sub(f"phase {trial.phase}" if trial.phase else "")],
            [*_text(f"{trial.n:,}" if trial.n else "not stated"), *_sub(trial.n_kind or "")],
            [*_text(trial.status), *_sub(f"read {read}"), *_sub(f"register last changed {changed}" if changed else "")],
            in_words(trial.est_completion or "not stated"),
        ]
        return make_row(cells)


def _text(text: str) -> list[nodes.Node]:
    return [nodes.paragraph("", text)]


def _sub(text: str) -> list[nodes.Node]:
    return [nodes.paragraph("", "", nodes.inline("", text, classes=["hep-sub"]))] if text else []


class CardsInBook(SphinxPostTransform):
    """In the book a table of studies becomes a card each: six columns do not fit a page of a reading system."""

    default_priority = 160
    builders = ("epub",)

    def run(self, **kwargs: Any) -> None:
        for table in list(self.document.findall(nodes.table)):
            if "hep-studies" not in table["classes"]:
                continue
            heads = [head.astext() for part in table.findall(nodes.thead) for head in cells_of(part)]
            cards = nodes.container()
            for body in table.findall(nodes.tbody):
                for row in body.findall(nodes.row):
                    cards += card_of(heads, list(cells_of(row)))
            table.replace_self(cards)


def card_of(heads: Sequence[str], cells: Sequence[nodes.entry]) -> nodes.container:
    """Return a row as a card: its name in bold, then a line for each column."""
    name, *rest = cells
    first, *more = name.children
    card = nodes.container("", nodes.paragraph("", "", nodes.strong("", "", *first.children)), *more, classes=["hep-part"])
    for head, cell in zip(heads[1:], rest, strict=True):
        line = nodes.paragraph("", "", nodes.strong("", f"{head}: "))
        for number, paragraph in enumerate(cell.children):
            line += [nodes.Text(" · ")] if number else []
            line += paragraph.children
        card += line
    return card


def setup(app: Sphinx) -> ExtensionMetadata:
    """Add the directives, and the cards of the book."""
    app.add_directive("studies", StudiesDirective)
    app.add_directive("trials", TrialsDirective)
    app.add_post_transform(CardsInBook)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
