"""The roles that put evidence into a sentence: ``{fact}``, ``{source}`` and ``{study}``."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator

from hepatica.evidence import evidence_of
from hepatica.notes import find_record, label_of, make_mark
from hepatica.places import record_link
from hepatica.record_types import nearest
from hepatica.records import Citable

logger = logging.getLogger(__name__)
Result = tuple[list[nodes.Node], list[nodes.system_message]]


class fact_value(nodes.Inline, nodes.TextElement):
    """A number in reader's form."""


class EvidenceRole(SphinxRole):
    """A role that names a record."""

    def record(self, name: str) -> Citable | None:
        """Return the record, or warn at the place of the role and return None."""
        return find_record(self.env, name, self.warn)

    def warn(self, message: str) -> None:
        """Warn at the place of the role; the build ends with an error, after all pages were read."""
        logger.warning(message, location=self.get_location(), type="hepatica", subtype=self.name)


class FactRole(EvidenceRole):
    """``{fact}`donor-mortality:died```: the number in reader's form, and its mark."""

    def run(self) -> Result:
        name, _, part = self.text.strip().partition(":")
        part = part or "value"
        record = self.record(name)
        if record is None:
            return [], []
        form = record.forms.get(part)
        if form is None:
            forms = record.forms
            if part == "value":
                known = f", or name one of its parts: {', '.join(f'{name}:{p}' for p in forms)}" if forms else ""
                cure = f"add 'shown:' with '{part}: ...' to the record{known}"
            else:
                cure = f"write one of {', '.join(forms) or 'none yet'}, or add '{part}' to the record's 'shown:'"
            where = evidence_of(self.env).file_of(record).name
            self.warn(f"the record '{name}' ({where}) has no reader's form '{part}'; {cure}")
            return [], []
        value = fact_value("", form)
        self.set_source_info(value)
        return [value, make_mark(record, self.env)], []


class SourceRole(EvidenceRole):
    """``{source}`donor-mortality```: the mark alone."""

    def run(self) -> Result:
        record = self.record(self.text.strip())
        return ([make_mark(record, self.env)] if record else []), []


class StudyRole(EvidenceRole):
    """``{study}`lin2017```: the study's short name ("Lin 2017"), and its mark."""

    def run(self) -> Result:
        name = self.text.strip()
        studies = evidence_of(self.env).studies
        if name not in studies:
            self.warn(f"no study '{name}' in evidence/studies{nearest(name, studies)}; correct the id or add the study")
            return [], []
        study = studies[name]
        link = record_link("", label_of(study, evidence_of(self.env)), kind="study", record=name)
        return [nodes.inline("", "", link, classes=["hep-study"]), make_mark(study, self.env)], []


def visit_fact_value(self: HTML5Translator, node: fact_value) -> None:
    self.body.append('<span class="hep-fact">')


def depart_fact_value(self: HTML5Translator, node: fact_value) -> None:
    self.body.append("</span>")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Add the three roles."""
    app.add_node(fact_value, html=(visit_fact_value, depart_fact_value))
    app.add_role("fact", FactRole())
    app.add_role("source", SourceRole())
    app.add_role("study", StudyRole())
    return {"parallel_read_safe": True, "parallel_write_safe": True}
