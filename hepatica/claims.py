"""``{claim}``, ``{claims}`` and ``{rating}``: what we say, how sure it is, why not surer, and the studies for and against.

A claim is shown as a card. At a page's end the list of the page's claims links to its cards, and shows whole what has none.
"""

from __future__ import annotations

from collections.abc import Iterator

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator

from hepatica.certainty import BODY_WORDS, MEANINGS, STARTS
from hepatica.claim_checks import sentence_of
from hepatica.claim_parts import RULES, badge, claim_card, measured, sentence, weighed
from hepatica.dates import day
from hepatica.drawings import disclosure
from hepatica.evidence import evidence_of
from hepatica.labelled_lines import labelled_line
from hepatica.notes import label_of, note_citation
from hepatica.page_parts import certainty
from hepatica.places import is_noted, note_place, record_link, shown_records
from hepatica.record_types import nearest
from hepatica.records import LEVEL_WORDS, Citable, Claim, Evidence, Study, Trial

logger = logging.getLogger(__name__)

STEPS = {1: "one step", 2: "two steps", 3: "three steps"}


class claim_list(nodes.General, nodes.Element):
    """The claims of a page."""


def why_not_surer(claim: Claim) -> Iterator[nodes.Node]:
    """Yield where the rating starts, and each reason that moves it."""
    if claim.rated_by:
        yield nodes.paragraph("", f"This is the rating of {claim.rated_by}, not ours.")
    else:
        yield nodes.paragraph("", f"For {BODY_WORDS[claim.body]} the rating starts at {STARTS[claim.body]}.")
    reasons = nodes.bullet_list()
    for way, found in (("down", claim.lowered), ("up", claim.raised)):
        for reason in found:
            name = nodes.strong("", f"{reason.domain.capitalize()} ({STEPS[reason.by]} {way}): ")
            reasons += nodes.list_item("", nodes.paragraph("", "", name, nodes.Text(reason.reason)))
    if len(reasons):
        yield reasons
    if claim.note:
        yield nodes.paragraph("", claim.note)
    yield nodes.paragraph("", f"Searched up to {day(claim.searched)}, for: {claim.search_terms}.")


def named_records(claim: Claim, env: BuildEnvironment) -> Iterator[nodes.Node]:
    """Yield the studies for and against, and what else the claim rests on.

    Each leads to its whole record, or to its source, and says how much was read. No source marks: they would bring every study
    of every claim into the page's list of sources.
    """
    evidence = evidence_of(env)
    for title, found in (("For", claim.for_), ("Against", claim.against), ("Also used", claim.facts)):
        if not found:
            continue
        yield nodes.paragraph("", "", nodes.strong("", title))
        records = (evidence.citable[name] for name in found)
        yield nodes.bullet_list("", *(nodes.list_item("", nodes.paragraph("", "", *_told(one, env))) for one in records))


def _told(record: Citable, env: BuildEnvironment) -> Iterator[nodes.Node]:
    evidence = evidence_of(env)
    env.note_dependency(evidence.file_of(record))
    label = label_of(record, evidence)
    if isinstance(record, Trial):
        yield record_link("", label, kind="trial", record=record.id)
        yield nodes.Text(f" ({record.status}): {record.title}")
        return
    note_citation(record.source, f"{record.id}-in-claims", env)
    read = LEVEL_WORDS[record.verification_level]
    if isinstance(record, Study):
        people = f"{record.n_total:,} {'person' if record.n_total == 1 else 'people'}" if record.n_total else ""
        said = ", ".join(part for part in (record.design, people, record.country) if part)
        yield record_link("", label, kind="study", record=record.id)
        yield nodes.Text(f" ({said}; {read}): {record.result or record.authors_conclusion or record.title}")
        return
    yield nodes.inline("", label)
    yield nodes.Text(f" ({read}): {record.statement}")
    link = evidence.sources[record.source].link
    if link:
        yield nodes.Text(" ")
        yield nodes.reference("", link[1], refuri=link[0], internal=False)


def rows(claim: Claim, evidence: Evidence) -> Iterator[nodes.paragraph]:
    """Yield who, what was measured, and how many studies there are."""
    yield labelled_line("In whom", claim.population)
    yield measured(claim)
    yield weighed(claim, evidence)


def studies_title(claim: Claim) -> str:
    """Say what opens under the studies."""
    count = len(claim.named)
    return "The study" if count == 1 else f"The {count} studies and records"


def make_card(claim: Claim, env: BuildEnvironment, *, brief: bool) -> claim_card:
    """Return a claim as a card, or as an entry of a list."""
    evidence = evidence_of(env)
    env.note_dependency(evidence.places["claims", claim.id][0])
    anchor = f"claim-{claim.id}"
    ids = [] if is_noted(env, "claim", claim.id) else [anchor]
    note_place(env, "claim", claim.id, anchor)
    card = claim_card("", badge(claim), sentence(claim, evidence), ids=ids, brief=brief)
    studies = list(named_records(claim, env))
    said = "This is a rule or a plain description, not the result of a study." if claim.body == RULES else MEANINGS[claim.certainty]
    meaning = nodes.paragraph("", said, classes=["hep-claim-meaning"])
    if brief:
        more = [meaning, *rows(claim, evidence), *why_not_surer(claim), *studies]
        card += disclosure("", *more, summary="Why, and the studies")
        return card
    card += meaning
    card += list(rows(claim, evidence))
    title = "Why this sure?" if claim.certainty == "high" else "Why not surer?"
    card += disclosure("", *why_not_surer(claim), summary=title)
    if studies:
        card += disclosure("", *studies, summary=studies_title(claim))
    return card


def find_claim(name: str, env: BuildEnvironment, location: str | tuple[str | None, int | None]) -> Claim | None:
    """Return a claim; for an unknown id warn at ``location`` and return None."""
    claims = evidence_of(env).claims
    if name not in claims:
        message = f"no claim '{name}' in evidence/claims{nearest(name, claims)}; correct the id or add the claim"
        logger.warning(message, location=location, type="hepatica", subtype="claim")
    return claims.get(name)


class ClaimDirective(SphinxDirective):
    """``:::{claim} msc-aclf-hbv-deaths``"""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        claim = find_claim(self.arguments[0], self.env, self.get_location())
        if claim is None:
            return []
        card = make_card(claim, self.env, brief=False)
        self.set_source_info(card)
        return [card]


class ClaimsDirective(SphinxDirective):
    """``:::{claims}`` around ids of claims, one a line."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        self.assert_has_content()
        found = claim_list()
        self.set_source_info(found)
        for number, text in enumerate(self.content):
            name = text.strip()
            place = (self.env.current_document.docname, self.lineno + self.content_offset + number + 1)
            claim = find_claim(name, self.env, place) if name else None
            if claim is None:
                continue
            if is_noted(self.env, "claim", name):
                link = record_link("", sentence_of(claim, evidence_of(self.env)), kind="claim", record=name)
                line = nodes.paragraph("", "", link, classes=["hep-claim-sentence"])
                found += claim_card("", badge(claim), line, ids=[], brief=True)
            else:
                found += make_card(claim, self.env, brief=True)
        return [found]


class RatingRole(SphinxRole):
    """``{rating}`msc-aclf-hbv-deaths```: the badge of a claim, which leads to the claim."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        claim = find_claim(self.text.strip(), self.env, self.get_location())
        if claim is None:
            return [], []
        self.env.note_dependency(evidence_of(self.env).places["claims", claim.id][0])
        return [record_link("", "", certainty(level=claim.certainty), kind="claim", record=claim.id)], []


def _report_unused(app: Sphinx, env: BuildEnvironment) -> None:
    """A claim that no page uses helps nobody, and nobody would notice when it is wrong."""
    evidence = evidence_of(env)
    for name in evidence.claims.keys() - shown_records(env, "claim"):
        path, line = evidence.places["claims", name]
        message = f"no page uses the claim '{name}'; name it in a page ({{claim}} or {{claims}}), or delete it"
        logger.warning(message, location=f"{path}:{line}", type="hepatica", subtype="claim")


def visit_claim_list(self: HTML5Translator, node: claim_list) -> None:
    self.body.append('<div class="hep-claims">\n')


def depart_claim_list(self: HTML5Translator, node: claim_list) -> None:
    self.body.append("</div>\n")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Add the directives, the role and the check that every claim is used."""
    app.add_node(claim_list, html=(visit_claim_list, depart_claim_list))
    app.add_directive("claim", ClaimDirective)
    app.add_directive("claims", ClaimsDirective)
    app.add_role("rating", RatingRole())
    app.connect("env-check-consistency", _report_unused)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
