"""The glossary page, made from ``evidence/terms``: every term, its synonyms and its abbreviation can stand in ``{term}``."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.domains.std import make_glossary_term
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator

from hepatica.evidence import evidence_of
from hepatica.records import Term

CODE_SYSTEMS = {"mesh": "MeSH", "icd10cm": "ICD-10-CM", "loinc": "LOINC", "loinc_related_test": "LOINC (related test)"}


class letters(nodes.General, nodes.Element):
    """The list of letters to jump to."""


class GlossaryOfTerms(SphinxDirective):
    """``{glossary-of-terms}``: a section for each letter, with a list of letters to jump to."""

    def run(self) -> list[nodes.Node]:
        for path in sorted((evidence_of(self.env).folder / "terms").glob("*.yaml")):
            self.env.note_dependency(path)
        terms = sorted(evidence_of(self.env).terms.values(), key=lambda term: (term.term.lower(), term.term))
        jumps = nodes.paragraph()
        sections: list[nodes.Node] = []
        for letter, group in groupby(terms, key=lambda term: term.term[0].upper()):
            section = nodes.section("", nodes.title("", letter), ids=[f"letter-{letter.lower()}"], names=[f"letter {letter}"])
            entries = nodes.definition_list(classes=["hep-glossary"])
            for term in group:
                entries += self.entry(term)
            # Sphinx's own node around the list: its writers mark it up as a glossary.
            section += addnodes.glossary("", entries, sorted=False)
            sections.append(section)
            if len(jumps):
                jumps += nodes.Text(" ")
            jumps += nodes.reference("", letter, refid=section["ids"][0], internal=True)
        return [letters("", jumps), *sections]

    def entry(self, term: Term) -> nodes.definition_list_item:
        """Make one entry and register its names as targets of ``{term}``."""
        source, line = self.get_source_info()
        title = make_glossary_term(self.env, [nodes.Text(term.term)], None, source, line, None, self.state.document)
        names = evidence_of(self.env).term_of
        for name in term.names[1:]:
            # Sphinx has no public call for a second name of a term; its own glossary directive uses this one.
            if names.get(name.lower()) is term:
                self.env.domains.standard_domain._note_term(name, title["ids"][0], location=title)
        return nodes.definition_list_item("", title, nodes.definition("", *self.body(term)))

    def body(self, term: Term) -> Iterator[nodes.Node]:
        """Yield the paragraphs of one entry."""
        yield nodes.paragraph("", f"Say: {term.pronunciation}", classes=["hep-term-say"])
        yield nodes.paragraph("", term.definition_plain, classes=["hep-term-plain"])
        yield nodes.paragraph("", "", nodes.strong("", "For clinicians: "), nodes.Text(term.definition_clinical))
        also = [*([term.abbreviation] if term.abbreviation else []), *term.synonyms, *term.lay_synonyms]
        if also:
            yield nodes.paragraph("", f"Also called: {', '.join(also)}.", classes=["hep-term-also"])
        if term.see_also:
            links: list[nodes.Node] = [nodes.Text("See also: ")]
            for index, other in enumerate(term.see_also):
                if index:
                    links.append(nodes.Text(", "))
                links.append(
                    addnodes.pending_xref(
                        "",
                        nodes.inline("", other),
                        refdomain="std",
                        reftype="term",
                        reftarget=other,
                        refdoc=self.env.current_document.docname,
                        refwarn=True,
                        refexplicit=True,
                    )
                )
            yield nodes.paragraph("", "", *links, classes=["hep-term-see"])
        if term.codes:
            # Ontology codes carry their system's name themselves ("CL:0000182").
            codes = [code if ":" in code else f"{CODE_SYSTEMS[system]} {code}" for system, code in term.codes.items()]
            yield nodes.paragraph("", f"Codes: {', '.join(codes)}.", classes=["hep-term-codes"])


def visit_letters(self: HTML5Translator, node: letters) -> None:
    self.body.append('<nav class="hep-az" aria-label="Letters">\n')


def depart_letters(self: HTML5Translator, node: letters) -> None:
    self.body.append("</nav>\n")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Add the directive and its list of letters."""
    app.add_node(letters, html=(visit_letters, depart_letters))
    app.add_directive("glossary-of-terms", GlossaryOfTerms)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
