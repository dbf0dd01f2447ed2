"""``{study-records}`` and ``{trial-records}``: each study and each registered trial whole, at an address of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar, get_args

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata, OptionSpec
from sphinx.writers.html5 import HTML5Translator

from hepatica.choosers import DESIGNS, Chooser, slug
from hepatica.claim_checks import sentence_of
from hepatica.dates import day, in_words, month
from hepatica.evidence import evidence_of, note_files
from hepatica.labelled_lines import labelled_line
from hepatica.notes import describe_source, label_of, note_citation
from hepatica.places import note_place, record_link
from hepatica.records import LEVEL_WORDS, Condition, Counts, Outcome, Study, Trial


class study_record(nodes.General, nodes.Element):
    """One whole record. Attributes: ``ids``, ``title``."""


class StudyRecords(Chooser):
    """``{study-records}`` with ``:design: RCT; non-randomised``: a section for each illness, the newest study first."""

    option_spec: ClassVar[OptionSpec] = {"design": directives.unchanged_required}
    choices: ClassVar[dict[str, Sequence[str]]] = {"design": DESIGNS}

    def run(self) -> list[nodes.Node]:
        evidence = evidence_of(self.env)
        note_files(self.env, "studies", "claims")
        designs = self.chosen("design")
        groups: dict[str, list[Study]] = {}
        for study in evidence.studies.values():
            if designs is None or study.design in designs:
                groups.setdefault(study.conditions[0] if study.conditions else "", []).append(study)
        sections: list[nodes.Node] = []
        for condition in (*get_args(Condition), ""):
            found = groups.get(condition, [])
            if not found:
                continue
            found.sort(key=lambda study: (-int(evidence.sources[study.source].year or 0), study.id))
            records = [self.record_of(study) for study in found]
            if len(groups) == 1:
                return list(records)
            title = f"{condition[0].upper()}{condition[1:]}" if condition else "Other"
            name = slug(f"studies {condition or 'other'}")
            sections.append(nodes.section("", nodes.title("", title), *records, ids=[name], names=[name]))
        return sections

    def record_of(self, study: Study) -> study_record:
        """Return one study whole."""
        evidence = evidence_of(self.env)
        anchor = f"study-{study.id}"
        note_place(self.env, "study", study.id, anchor)
        note_citation(study.source, f"record-{study.id}", self.env)
        source = describe_source(evidence.sources[study.source])
        record = study_record("", ids=[anchor], title=label_of(study, evidence))
        record += nodes.paragraph("", study.title, classes=["hep-record-title"])
        record += list(_lines(study))
        used = [claim for claim in evidence.claims.values() if study.id in claim.named]
        for claim in used:
            link = record_link("", sentence_of(claim, evidence), kind="claim-map", record=claim.id)
            side = "For" if study.id in claim.for_ else "Against" if study.id in claim.against else "Used in"
            record += labelled_line(side, link)
        record += labelled_line("Source", *source)
        record += labelled_line("Read", _read(study, LEVEL_WORDS[study.verification_level]))
        return record


def _lines(study: Study) -> Iterator[nodes.Node]:
    """Yield a line for each thing that the record says."""
    arms = ", ".join(
        f"{count} {arm}" for count, arm in ((study.n_treated, "treated"), (study.n_control, "in comparison")) if count is not None
    )
    people = "" if study.n_total is None else f"{study.n_total:,}" + (f" ({arms})" if arms else "")
    bias = f"{study.risk_of_bias.rating}. {study.risk_of_bias.reason}" if study.risk_of_bias else None
    told = (
        ("Result", study.result),
        ("Design", ", ".join(part for part in (study.design, study.blinding) if part)),
        ("Registered as", study.registration),
        ("Where", study.country),
        ("Who", study.population),
        ("Cause", study.cause),
        ("People", people),
        ("Given", study.given),
        ("Cells or treatment", ", ".join(part for part in (study.cell_type, study.cell_source) if part)),
        ("How", ", ".join(part for part in (study.route, study.dose) if part)),
        ("Compared with", study.comparator),
        ("Followed", study.follow_up),
    )
    for label, text in told:
        if text:
            yield labelled_line(label, text)
    if study.outcomes or study.counts:
        yield labelled_line("Measured")
        lines = [*map(_outcome, study.outcomes), *(_count(counts, study) for counts in study.counts)]
        yield nodes.bullet_list("", *(nodes.list_item("", nodes.paragraph("", line)) for line in lines))
    after = (
        ("Harms", study.adverse_events),
        ("The authors conclude", study.authors_conclusion),
        ("Limits", study.limitations),
        ("Risk of bias, our judgement", bias),
        ("Note", study.note),
    )
    for label, text in after:
        if text:
            yield labelled_line(label, text)


def _outcome(outcome: Outcome) -> str:
    name = outcome.name + (f", {outcome.timepoint}" if outcome.timepoint else "")
    figures = [
        f"{label} {value}" for label, value in (("treated", outcome.treated), ("control", outcome.control)) if value is not None
    ]
    figures += [str(value) for value in (outcome.effect,) if value is not None]
    figures += [f"{label} {value}" for label, value in (("95% CI", outcome.ci), ("P", outcome.p)) if value is not None]
    return f"{name}: {'; '.join(figures) or outcome.direction or 'no figures read'}."


def _count(counts: Counts, study: Study) -> str:
    control = f" against {counts.control.replace('/', ' of ')}" if counts.control else ""
    ratio = study.ratios.get(f"{counts.outcome}-rr")
    ours = f"; risk ratio {ratio}, computed by us" if ratio else ""
    name = counts.outcome.replace("-", " ").capitalize()
    return f"{name}, {counts.timepoint}: {counts.treated.replace('/', ' of ')}{control}{ours}. Basis: {counts.basis}."


def _read(record: Study | Trial, level: str) -> str:
    checked = f", looked up again on {day(record.checked)}" if record.checked else ""
    return f"{level}, {month(record.read_on)}{checked}. Record: {record.id}"


class TrialRecords(SphinxDirective):
    """``{trial-records}``: a section for each kind of cell."""

    def run(self) -> list[nodes.Node]:
        evidence = evidence_of(self.env)
        note_files(self.env, "trials")
        groups: dict[str, list[nodes.Node]] = {}
        for trial in evidence.trials.values():
            groups.setdefault(trial.cell_class, []).append(self.record_of(trial))
        sections: list[nodes.Node] = []
        for kind, records in sorted(groups.items(), key=lambda group: group[0].lower()):
            name = slug(f"trials {kind}")
            title = nodes.title("", f"{kind[0].upper()}{kind[1:]}")
            sections.append(nodes.section("", title, *records, ids=[name], names=[name]))
        return sections

    def record_of(self, trial: Trial) -> study_record:
        """Return one trial whole."""
        anchor = f"trial-{slug(trial.id)}"
        note_place(self.env, "trial", trial.id, anchor)
        record = study_record("", ids=[anchor], title=trial.id)
        record += nodes.paragraph("", trial.title, classes=["hep-record-title"])
        people = "" if trial.n is None else f"{trial.n:,}" + (f" ({trial.n_kind})" if trial.n_kind else "")
        told = (
            ("Status", trial.status),
            ("Status read", day(trial.checked) if trial.checked else month(trial.read_on)),
            ("Illness", trial.condition),
            ("Given", trial.product),
            ("Phase", trial.phase),
            ("Design", trial.design),
            ("People", people),
            ("Where", trial.country),
            ("Run by", trial.sponsor),
            ("Began", in_words(trial.start or "")),
            ("Ends", in_words(trial.est_completion or "")),
            ("Other numbers", ", ".join(trial.other_ids)),
            ("Registry last changed", in_words(trial.registry_last_update or "")),
            ("Results", trial.results),
            ("Note", trial.note),
        )
        for label, text in told:
            if text:
                record += labelled_line(label, text)
        if trial.url:
            record += labelled_line("Registry", nodes.reference("", trial.url, refuri=trial.url, internal=False))
        record += labelled_line("Read", _read(trial, f"read in: {trial.evidence}"))
        return record


def visit_study_record(self: HTML5Translator, node: study_record) -> None:
    self.body.append(f'<section class="hep-record" id="{node["ids"][0]}">\n<h3>{self.encode(node["title"])}</h3>\n')


def depart_study_record(self: HTML5Translator, node: study_record) -> None:
    self.body.append("</section>\n")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Add the directives and their node."""
    app.add_node(study_record, html=(visit_study_record, depart_study_record))
    app.add_directive("study-records", StudyRecords)
    app.add_directive("trial-records", TrialRecords)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
