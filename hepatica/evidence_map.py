"""``{evidence-map}``: every claim, by question and certainty, with the pages that use it."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

from hepatica.certainty import LEVELS
from hepatica.claim_parts import badge, claim_card, measured, sentence, weighed
from hepatica.evidence import evidence_of, note_files
from hepatica.places import note_place
from hepatica.used_on import used_on


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
                    used_on(kind="claim", record=claim.id),
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


def setup(app: Sphinx) -> ExtensionMetadata:
    """Add the directive."""
    app.add_directive("evidence-map", EvidenceMap)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
