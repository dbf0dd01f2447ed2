"""The parts that a claim's card and its entry in the evidence map are made of."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator

from hepatica.certainty import Body, split_at_verb
from hepatica.claim_checks import sentence_of
from hepatica.labelled_lines import labelled_line
from hepatica.page_parts import certainty, in_book
from hepatica.records import OUTCOME_WORDS, Claim, Evidence, Study

RULES: Body = "rules and descriptions"
PRIMARY = {"RCT", "non-randomised", "single-arm", "case reports"}
"""Designs that count people of their own; a review counts people of others."""


class claim_card(nodes.General, nodes.Element):
    """A claim. Attributes: ``ids`` (may be empty), ``brief``: whether it stands in a list."""


def badge(claim: Claim) -> nodes.paragraph:
    """Return the certainty as a badge, on a line of its own."""
    return nodes.paragraph("", "", certainty(level=claim.certainty), classes=["hep-claim-badge"])


def sentence(claim: Claim, evidence: Evidence) -> nodes.paragraph:
    """Return the claim's sentence, the words that carry its certainty in bold."""
    before, verb, after = split_at_verb(sentence_of(claim, evidence))
    parts: list[nodes.Node] = [nodes.Text(before)] if before else []
    parts += [nodes.strong("", verb)] if verb else []
    parts += [nodes.Text(after)] if after else []
    return nodes.paragraph("", "", *parts, classes=["hep-claim-sentence"])


def measured(claim: Claim) -> nodes.paragraph:
    """Say what was measured, and whether it is more than a test."""
    kind = OUTCOME_WORDS[claim.outcome_kind]
    return labelled_line("Measured", f"{claim.outcome} ({kind})" if kind else claim.outcome)


def weighed(claim: Claim, evidence: Evidence) -> nodes.paragraph:
    """Say how many studies, or for a rule sources, stand for and against."""
    return labelled_line("Sources" if claim.body == RULES else "Studies", count_studies(claim, evidence))


def count_studies(claim: Claim, evidence: Evidence) -> str:
    """Say how many stand for and against a claim, and how many people they count, each once, where all of them do.

    "2 for, 1 against; 278 people"
    """
    named = [evidence.citable[name] for name in (*claim.for_, *claim.against)]
    if not named:
        return "none found"
    people: dict[str, int] = {}
    for record in named:
        if isinstance(record, Study) and record.design in PRIMARY and record.n_total:
            people.setdefault(record.cohort or record.id, record.n_total)
    text = f"{len(claim.for_) or 'none'} for, {len(claim.against) or 'none'} against"
    if people and len(people) == len(named):
        text += f"; {sum(people.values()):,} people"
    return text


def visit_claim_card(self: HTML5Translator, node: claim_card) -> None:
    name = f' id="{node["ids"][0]}"' if node["ids"] else ""
    kind = "hep-claim hep-claim-brief" if node["brief"] else "hep-claim"
    self.body.append(f'<{_tag(self)} class="{kind}"{name}>\n')


def depart_claim_card(self: HTML5Translator, node: claim_card) -> None:
    self.body.append(f"</{_tag(self)}>\n")


def _tag(translator: HTML5Translator) -> str:
    return "div" if in_book(translator) else "article"


def setup(app: Sphinx) -> ExtensionMetadata:
    """Add the node."""
    app.add_node(claim_card, html=(visit_claim_card, depart_claim_card))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
