"""``{evidence-map}``: every claim, by question and certainty, with the pages that use it."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

from hepatica.certainty import LEVELS
from hepatica.claim_parts import badge, claim_card, measured, sentence, weighed
from hepatica.evidence import evidence_of, note_files
from hepatica.labelled_lines import labelled_line
from hepatica.places import note_place, places_of, shown_records

SEEN = "hepatica_evidence_map"
"""Attribute of the (pickled) environment: where each claim was used when the map was last written."""


class used_on(nodes.General, nodes.Element):
    """Stands where the links to the pages come, until all pages are known. Attribute: ``claim``."""


class EvidenceMap(SphinxDirective):
    """``{evidence-map}``: a section for each question that has claims, the surest first."""

    def run(self) -> list[nodes.Node]:
        evidence = evidence_of(self.env)
        note_files(self.env, "questions", "claims")
        self.env.note_dependency(evidence.folder / "references.bib")
        summary = self.summary()
        sections: list[nodes.Node] = []
        for question in evidence.questions.values():
            found = [claim for claim in evidence.claims.values() if claim.question == question.id]
            if not found:
                continue
            title = nodes.title("", question.question)
            section = nodes.section("", title, ids=[f"question-{question.id}"], names=[f"question {question.id}"])
            for claim in sorted(found, key=lambda claim: LEVELS.index(claim.certainty)):
                anchor = f"map-{claim.id}"
                note_place(self.env, "claim-map", claim.id, anchor)
                section += claim_card(
                    "",
                    badge(claim),
                    sentence(claim, evidence),
                    measured(claim),
                    weighed(claim, evidence),
                    used_on(claim=claim.id),
                    ids=[anchor],
                    brief=True,
                )
            sections.append(section)
        return [summary, *sections]

    def summary(self) -> nodes.paragraph:
        """Return a line that counts the claims by certainty."""
        claims = evidence_of(self.env).claims.values()
        counts = [(level, sum(claim.certainty == level for claim in claims)) for level in LEVELS]
        text = ", ".join(f"{count} {level}" for level, count in counts)
        return nodes.paragraph("", f"{len(claims)} claim{'' if len(claims) == 1 else 's'}: {text}.")


def _link_pages(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put links to the pages that use a claim in the place that was kept for them."""
    for place in list(doctree.findall(used_on)):
        links: list[nodes.Node] = []
        for page, anchor in places_of(app.env, "claim", place["claim"]):
            if links:
                links.append(nodes.Text(" · "))
            uri = f"{app.builder.get_relative_uri(docname, page)}#{anchor}"
            title = app.env.titles[page].astext()
            links.append(nodes.reference("", "", nodes.inline("", title), refuri=uri, internal=True))
        place.replace_self(labelled_line("Used on", *links) if links else [])


def _stale(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Ask for the map to be written again when a page began or ceased to use a claim, or was renamed."""
    claims = sorted(shown_records(env, "claim"))
    now = [(name, [(page, env.titles[page].astext()) for page, _ in places_of(env, "claim", name)]) for name in claims]
    before = getattr(env, SEEN, None)
    setattr(env, SEEN, now)
    if before is None or before == now:
        return []
    return sorted({page for name in shown_records(env, "claim-map") for page, _ in places_of(env, "claim-map", name)})


def setup(app: Sphinx) -> ExtensionMetadata:
    """Add the directive, and fill it in when all pages are known."""
    app.add_node(used_on)
    app.add_directive("evidence-map", EvidenceMap)
    app.connect("env-updated", _stale)
    app.connect("doctree-resolved", _link_pages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
