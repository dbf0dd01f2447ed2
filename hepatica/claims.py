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

from hepatica.certainty import BODY_WORDS, MEANINGS, STARTS, Body, split_at_verb
from hepatica.claim_checks import sentence_of
from hepatica.dates import day
from hepatica.drawings import disclosure
from hepatica.evidence import evidence_of
from hepatica.notes import label_of, note_citation
from hepatica.page_parts import certainty, in_book
from hepatica.places import is_noted, note_place, record_link, shown_records
from hepatica.records import LEVEL_WORDS, OUTCOME_WORDS, Citable, Claim, Evidence, Study, Trial, nearest

logger = logging.getLogger(__name__)

STEPS = {1: "one step", 2: "two steps", 3: "three steps"}
RULES: Body = "rules and descriptions"
PRIMARY = {"RCT", "non-randomised", "single-arm", "case reports"}
"""Designs that count people of their own; a review counts people of others."""


class claim_card(nodes.General, nodes.Element):
    """A claim. Attributes: ``ids`` (may be empty), ``brief``: whether it stands in a list."""


class claim_list(nodes.General, nodes.Element):
    """The claims of a page."""


def sentence(claim: Claim, evidence: Evidence) -> nodes.paragraph:
    """Return the claim's sentence, the words that carry its certainty in bold."""
    before, verb, after = split_at_verb(sentence_of(claim, evidence))
    parts: list[nodes.Node] = [nodes.Text(before)] if before else []
    parts += [nodes.strong("", verb)] if verb else []
    parts += [nodes.Text(after)] if after else []
    return nodes.paragraph("", "", *parts, classes=["hep-claim-sentence"])


def row(label: str, *value: nodes.Node | str) -> nodes.paragraph:
    """Return a line "label: value"."""
    parts = [nodes.Text(part) if isinstance(part, str) else part for part in value]
    name = nodes.inline("", f"{label}:", classes=["hep-row-label"])
    return nodes.paragraph("", "", name, nodes.Text(" "), nodes.inline("", "", *parts), classes=["hep-row"])


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
    yield row("In whom", claim.population)
    yield row("Measured", measured(claim))
    yield row("Sources" if claim.body == RULES else "Studies", count_studies(claim, evidence))


def measured(claim: Claim) -> str:
    """Say what was measured, and whether it is more than a test."""
    kind = OUTCOME_WORDS[claim.outcome_kind]
    return f"{claim.outcome} ({kind})" if kind else claim.outcome


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
    badge = nodes.paragraph("", "", certainty(level=claim.certainty), classes=["hep-claim-badge"])
    card = claim_card("", badge, sentence(claim, evidence), ids=ids, brief=brief)
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


class ClaimUser(SphinxDirective):
    """A directive that names claims."""

    def claim(self, name: str, line: int) -> Claim | None:
        """Return the claim, or warn at its line and return None."""
        claims = evidence_of(self.env).claims
        if name not in claims:
            message = f"no claim '{name}' in evidence/claims{nearest(name, claims)}; correct the id or add the claim"
            logger.warning(message, location=(self.env.current_document.docname, line), type="hepatica", subtype="claim")
        return claims.get(name)


class ClaimDirective(ClaimUser):
    """``:::{claim} msc-aclf-hbv-deaths``"""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        claim = self.claim(self.arguments[0], self.lineno)
        if claim is None:
            return []
        card = make_card(claim, self.env, brief=False)
        self.set_source_info(card)
        return [card]


class ClaimsDirective(ClaimUser):
    """``:::{claims}`` around ids of claims, one a line."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        self.assert_has_content()
        found = claim_list()
        self.set_source_info(found)
        for number, line in enumerate(self.content):
            name = line.strip()
            claim = self.claim(name, self.lineno + self.content_offset + number + 1) if name else None
            if claim is None:
                continue
            if is_noted(self.env, "claim", name):
                evidence = evidence_of(self.env)
                badge = nodes.paragraph("", "", certainty(level=claim.certainty), classes=["hep-claim-badge"])
                link = record_link("", sentence_of(claim, evidence), kind="claim", record=name)
                found += claim_card("", badge, nodes.paragraph("", "", link, classes=["hep-claim-sentence"]), ids=[], brief=True)
            else:
                found += make_card(claim, self.env, brief=True)
        return [found]


class RatingRole(SphinxRole):
    """``{rating}`msc-aclf-hbv-deaths```: the badge of a claim, which leads to the claim."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        name, claims = self.text.strip(), evidence_of(self.env).claims
        if name not in claims:
            message = f"no claim '{name}' in evidence/claims{nearest(name, claims)}; correct the id or add the claim"
            logger.warning(message, location=self.get_location(), type="hepatica", subtype="claim")
            return [], []
        self.env.note_dependency(evidence_of(self.env).places["claims", name][0])
        return [record_link("", "", certainty(level=claims[name].certainty), kind="claim", record=name)], []


def _report_unused(app: Sphinx, env: BuildEnvironment) -> None:
    """A claim that no page uses helps nobody, and nobody would notice when it is wrong."""
    evidence = evidence_of(env)
    for name in evidence.claims.keys() - shown_records(env, "claim"):
        path, line = evidence.places["claims", name]
        message = f"no page uses the claim '{name}'; name it in a page ({{claim}} or {{claims}}), or delete it"
        logger.warning(message, location=f"{path}:{line}", type="hepatica", subtype="claim")


def visit_claim_card(self: HTML5Translator, node: claim_card) -> None:
    name = f' id="{node["ids"][0]}"' if node["ids"] else ""
    kind = "hep-claim hep-claim-brief" if node["brief"] else "hep-claim"
    self.body.append(f'<{_tag(self)} class="{kind}"{name}>\n')


def depart_claim_card(self: HTML5Translator, node: claim_card) -> None:
    self.body.append(f"</{_tag(self)}>\n")


def _tag(translator: HTML5Translator) -> str:
    return "div" if in_book(translator) else "article"


def visit_claim_list(self: HTML5Translator, node: claim_list) -> None:
    self.body.append('<div class="hep-claims">\n')


def depart_claim_list(self: HTML5Translator, node: claim_list) -> None:
    self.body.append("</div>\n")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Add the directives, the role and the check that every claim is used."""
    app.add_node(claim_card, html=(visit_claim_card, depart_claim_card))
    app.add_node(claim_list, html=(visit_claim_list, depart_claim_list))
    app.add_directive("claim", ClaimDirective)
    app.add_directive("claims", ClaimsDirective)
    app.add_role("rating", RatingRole())
    app.connect("env-check-consistency", _report_unused)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
