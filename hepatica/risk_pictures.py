"""``{risk}``: people out of 100 or 1,000, drawn from a record; two groups side by side where the record has two.

The words around the picture say the same: how many had the event and how many had not, in whom, when, where, and who
measured it. A comparison of two sources is not drawn: their people differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator

from hepatica.charts import Denominator, Words, dot, icon_array, person
from hepatica.drawings import drawing
from hepatica.evidence import evidence_of
from hepatica.notes import RecordDirective, label_of, make_mark
from hepatica.reader_form import share
from hepatica.record_types import nearest
from hepatica.records import LEVEL_WORDS, Citable, Risk, Sourced

PEOPLE = 100
"""Up to this many are drawn as people, more as dots."""


class risk_picture(nodes.General, nodes.Element):
    """A risk picture. Attribute: ``denominator``."""


class risk_groups(nodes.General, nodes.Element):
    """The one or two groups, side by side. Attribute: ``kind``, "people" or "dots"."""


@dataclass(frozen=True)
class Group:
    """One group: its label, and how many of its people had the event."""

    label: str
    events: int
    denominator: Denominator

    @property
    def rest(self) -> int:
        """How many had not."""
        return self.denominator - self.events


def groups_of(record: Citable, risk: Risk) -> list[Group]:
    """Return the groups of a risk picture (the loader has checked that each part is "a of 100" or "a of 1,000")."""
    shares = ((group.label, share(record.forms[group.part])) for group in risk.groups)
    return [Group(label, found[0], cast("Denominator", found[1])) for label, found in shares if found]


def both_sides(group: Group, risk: Risk) -> str:
    """Say both framings of a group.

    "27 of 100 had died and 73 of 100 were alive"
    """
    of = f"of {group.denominator:,}"
    return f"{group.events:,} {of} {risk.event} and {group.rest:,} {of} {risk.others}"


def _inside_a_sentence(label: str) -> str:
    """Return a label with a small first letter, but for abbreviations such as MELD."""
    return label if label[1:2].isupper() else f"{label[0].lower()}{label[1:]}"


class RiskDirective(RecordDirective):
    """``:::{risk} lin2017:deaths``"""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        name, _, key = self.arguments[0].partition(":")
        record = self.record(name)
        if record is None:
            return []
        risk = record.risks.get(key)
        if risk is None:
            known = ", ".join(f"{name}:{one}" for one in record.risks) or "none yet"
            self.warn(f"the record '{name}' has no risk picture '{key}'{nearest(key, record.risks)}; write one of {known}")
            return []
        groups = groups_of(record, risk)
        denominator = groups[0].denominator
        title = f"{denominator:,} {risk.who}, {risk.when}"
        picture = risk_picture("", nodes.paragraph("", title, classes=["hep-figure-title"]), denominator=denominator)
        self.set_source_info(picture)
        drawn = risk_groups(kind="people" if denominator == PEOPLE else "dots")
        for number, group in enumerate(groups):
            named = f"{title}: {group.label}" if len(groups) > 1 else title
            words = Words(f"risk-{name}-{key}-{number}", named, f"{both_sides(group, risk)}.")
            label = [nodes.paragraph("", group.label, classes=["hep-risk-label"])] if len(groups) > 1 else []
            art = drawing(svg=icon_array(group.events, denominator, words))
            drawn += nodes.container("", *label, art, classes=["hep-risk-group"])
        picture += drawn
        picture += self.key(groups, risk)
        picture += self.source(record, risk)
        return [picture]

    def key(self, groups: list[Group], risk: Risk) -> nodes.bullet_list:
        """Return what the two kinds of people mean, with the numbers of every group."""
        entries = nodes.bullet_list(classes=["hep-risk-key"])
        glyph = person if groups[0].denominator == PEOPLE else dot
        for filled, event in ((True, risk.event), (False, risk.others)):
            numbers: list[nodes.Node] = []
            for group in groups:
                numbers.append(nodes.Text(", " if numbers else f"{event}: " if len(groups) > 1 else ""))
                count = group.events if filled else group.rest
                who = f" {_inside_a_sentence(group.label)}" if len(groups) > 1 else f" {event}"
                numbers += [nodes.strong("", f"{count:,}"), nodes.Text(f" of {group.denominator:,}{who}")]
            text = nodes.paragraph("", "", drawing(svg=glyph(filled)), nodes.Text(" "), *numbers)
            entries += nodes.list_item("", text)
        return entries

    def source(self, record: Citable, risk: Risk) -> nodes.paragraph:
        """Return where, when, who measured it and how much of that was read."""
        level = LEVEL_WORDS[record.verification_level] if isinstance(record, Sourced) else "registry entry read"
        where = f"{risk.where[0].upper()}{risk.where[1:]}"
        read = f"{label_of(record, evidence_of(self.env))}, {level}"
        said = f"{where}, {risk.years}. {read}. A number for a group is not a forecast for you."
        return nodes.paragraph("", "", nodes.Text(said), make_mark(record, self.env), classes=["hep-figure-source"])


def visit_risk_picture(self: HTML5Translator, node: risk_picture) -> None:
    self.body.append('<div class="hep-figure hep-risk">\n')


def visit_risk_groups(self: HTML5Translator, node: risk_groups) -> None:
    self.body.append(f'<div class="hep-risk-groups hep-risk-{node["kind"]}">\n')


def depart_div(self: HTML5Translator, node: nodes.Element) -> None:
    self.body.append("</div>\n")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Add the directive and its nodes."""
    app.add_node(risk_picture, html=(visit_risk_picture, depart_div))
    app.add_node(risk_groups, html=(visit_risk_groups, depart_div))
    app.add_directive("risk", RiskDirective)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
