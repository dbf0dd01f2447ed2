"""``{studies}`` and ``{trials}``: tables of studies and of registered trials, chosen by what they are about.

On a wide screen a table that can be sorted and filtered, on a phone a card for each row, in the book a card each as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, get_args

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.typing import ExtensionMetadata, OptionSpec

from hepatica.dates import day, month
from hepatica.evidence import evidence_of
from hepatica.notes import RecordDirective, label_of, note_citation
from hepatica.places import record_link
from hepatica.records import BLOCKS, Condition, Study, Trial, nearest
from hepatica.tables import cells_of

STUDY_HEADS = ("Study", "People", "Illness", "What was given", "Result", "Risk of bias")
TRIAL_HEADS = ("Trial", "What is given", "Design", "People", "Status", "Ends")
NO_RESULT = ("No result", "Result not read")
"""How the ``result`` of a study begins that has none, or whose result nobody here has read."""


def slug(text: str) -> str:
    """Return a text as the end of a class name.

    >>> slug("cirrhosis, stage mixed or not stated")
    'cirrhosis-stage-mixed-or-not-stated'
    """
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


class Chooser(RecordDirective):
    """A directive with options that choose records, and ids in its body that narrow the choice further."""

    has_content = True
    choices: ClassVar[dict[str, Sequence[str]]] = {}
    """What may stand in each option."""

    def chosen(self, option: str) -> set[str] | None:
        """Return what an option asks for (parted by ``;``), or None where it is not given or is wrong; warn of unknown words."""
        if option not in self.options:
            return None
        words = {word.strip() for word in self.options[option].split(";") if word.strip()}
        unknown = sorted(words - set(self.choices[option]))
        for word in unknown:
            known = nearest(word, self.choices[option]) or f": write one of {'; '.join(self.choices[option])}"
            self.warn(f"':{option}:' does not know '{word}'{known}; correct it")
        return None if unknown else words

    def ids(self, records: Iterable[str]) -> list[str]:
        """Return the ids in the body; warn of unknown ones."""
        known = set(records)
        found = [line.strip() for line in self.content if line.strip()]
        for name in found:
            if name not in known:
                self.warn(f"no such record '{name}'{nearest(name, known)}; correct the id or add the record")
        return [name for name in found if name in known]


class StudiesDirective(Chooser):
    """``:::{studies}`` with ``:condition:``, ``:block:``, ``:design:``, ``:results:`` (words parted by ``;``), or ids."""

    option_spec: ClassVar[OptionSpec] = dict.fromkeys(("condition", "block", "design", "results"), directives.unchanged_required)
    choices: ClassVar[dict[str, Sequence[str]]] = {
        "condition": get_args(Condition),
        "block": sorted(set(BLOCKS.values())),
        "design": get_args(Study.model_fields["design"].annotation),
        "results": ("read", "none yet"),
    }

    def run(self) -> list[nodes.Node]:
        evidence = evidence_of(self.env)
        for path in sorted({path for (kind, _), (path, _) in evidence.places.items() if kind == "studies"}):
            self.env.note_dependency(path)
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
        table = make_table(STUDY_HEADS, (21, 8, 16, 20, 25, 10), rows, "hep-studies")
        self.set_source_info(table)
        return [table]

    def row(self, study: Study) -> nodes.row:
        """Return one study's row; its class names the illnesses, for the filter."""
        blinding = "" if (study.blinding or "none").startswith("none") else study.blinding
        design = ", ".join(part for part in (study.design, blinding, study.country) if part)
        note_citation(study.source, f"{study.id}-in-tables", self.env)
        name = nodes.paragraph("", "", record_link("", label_of(study, evidence_of(self.env)), kind="study", record=study.id))
        first: list[nodes.Node] = [name, nodes.paragraph("", "", nodes.inline("", design, classes=["hep-sub"]))]
        bias = study.risk_of_bias
        cells: list[list[nodes.Node]] = [
            first,
            _text(f"{study.n_total:,}" if study.n_total else "not stated"),
            _text("; ".join(study.conditions) or ("not in people" if study.design == "laboratory" else "not stated")),
            _text(study.given or ""),
            _text(study.result or ""),
            _text(bias.rating.capitalize() if bias else "Not rated"),
        ]
        classes = [f"hep-is-{slug(condition)}" for condition in study.conditions]
        return nodes.row("", *(nodes.entry("", *cell) for cell in cells), classes=classes)


def _fits(study: Study, asked: dict[str, set[str] | None]) -> bool:
    block = BLOCKS.get(study.intervention) if study.intervention else None
    results = "none yet" if (study.result or "").startswith(NO_RESULT) else "read"
    has: dict[str, set[str | None]] = {
        "condition": set(study.conditions),
        "block": {block},
        "design": {study.design},
        "results": {results},
    }
    return all(wanted is None or has[option] & wanted for option, wanted in asked.items())


class TrialsDirective(Chooser):
    """``:::{trials}``, with ids in its body for some of them."""

    def run(self) -> list[nodes.Node]:
        evidence = evidence_of(self.env)
        for path in sorted({path for (kind, _), (path, _) in evidence.places.items() if kind == "trials"}):
            self.env.note_dependency(path)
        named = self.ids(evidence.trials) if self.content else list(evidence.trials)
        if not named:
            return []
        table = make_table(TRIAL_HEADS, (20, 20, 24, 8, 18, 10), [self.row(evidence.trials[name]) for name in named], "hep-studies")
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
        cells: list[list[nodes.Node]] = [
            first,
            _text(trial.product),
            [*_text(trial.design), *_sub(f"phase {trial.phase}" if trial.phase else "")],
            [*_text(f"{trial.n:,}" if trial.n else "not stated"), *_sub(trial.n_kind or "")],
            [*_text(trial.status), *_sub(f"read {read}"), *_sub(f"register last changed {changed}" if changed else "")],
            _text(in_words(trial.est_completion or "not stated")),
        ]
        return nodes.row("", *(nodes.entry("", *cell) for cell in cells))


def in_words(text: str) -> str:
    """Write the dates in a register's text in words: "2028-11-29" is "November 2028"."""
    return re.sub(r"\b(?:19|20)\d\d-(?:0[1-9]|1[0-2])(?:-\d\d)?\b", lambda found: month(found[0]), text)


def _text(text: str) -> list[nodes.Node]:
    return [nodes.paragraph("", text)]


def _sub(text: str) -> list[nodes.Node]:
    return [nodes.paragraph("", "", nodes.inline("", text, classes=["hep-sub"]))] if text else []


def make_table(heads: Sequence[str], widths: Sequence[int], rows: Sequence[nodes.row], kind: str) -> nodes.table:
    """Return a table whose first column heads its rows."""
    head = nodes.row("", *(nodes.entry("", nodes.paragraph("", text)) for text in heads))
    columns = [nodes.colspec(colwidth=width, stub=int(number == 0)) for number, width in enumerate(widths)]
    group = nodes.tgroup("", *columns, nodes.thead("", head), nodes.tbody("", *rows), cols=len(heads))
    return nodes.table("", group, classes=[kind])


class CardsInBook(SphinxPostTransform):
    """In the book a table of studies becomes a card each: six columns do not fit a page of a reading system."""

    default_priority = 160
    builders = ("epub",)

    def run(self, **kwargs: Any) -> None:
        for table in list(self.document.findall(nodes.table)):
            if "hep-studies" not in table["classes"]:
                continue
            heads = [head.astext() for part in table.findall(nodes.thead) for head in cells_of(part)]
            cards = nodes.container(classes=["hep-cards"])
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
