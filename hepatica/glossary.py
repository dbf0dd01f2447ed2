"""The glossary page, made from ``evidence/terms``: by theme and by letter, each term at an address of its own."""

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

from hepatica.evidence import evidence_of, note_files
from hepatica.labelled_lines import labelled_line
from hepatica.places import note_place
from hepatica.term_links import actions
from hepatica.terms import THEMES, CodeSystem, Term
from hepatica.used_on import used_on

CODE_SYSTEMS: dict[CodeSystem, str] = {
    "mesh": "MeSH",
    "icd10cm": "ICD-10-CM",
    "hpo": "HPO",
    "mondo_or_doid": "MONDO",
    "cl": "Cell Ontology",
    "uberon": "Uberon",
    "loinc": "LOINC",
    "loinc_related_test": "LOINC (related test)",
}


SHOWN_NAMES = 4
"""So many other names stand in the open; the rest are mostly other spellings, which the search knows."""


class letters(nodes.General, nodes.Element):
    """The list of letters to jump to."""


class theme(nodes.General, nodes.Element):
    """The terms of one theme. Attributes: ``title``, ``count``."""


class for_clinicians(nodes.General, nodes.Element):
    """What an entry says beyond plain words: folded on the site, open in the book."""


class GlossaryOfTerms(SphinxDirective):
    """``{glossary-of-terms}``: the themes, a list of letters to jump to, and a section for each letter."""

    def run(self) -> list[nodes.Node]:
        note_files(self.env, "terms")
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
        return [*self.themes(terms), letters("", jumps), *sections]

    def themes(self, terms: list[Term]) -> Iterator[theme]:
        """Yield the list of each theme's terms."""
        for name, title in THEMES.items():
            links = [nodes.reference("", term.term, refid=term.anchor, internal=True) for term in terms if term.theme == name]
            if links:
                items = [nodes.list_item("", nodes.paragraph("", "", link)) for link in links]
                yield theme("", nodes.bullet_list("", *items), title=title, count=len(links))

    def entry(self, term: Term) -> nodes.definition_list_item:
        """Make one entry, at an address that other pages and other sites can lead to."""
        source, line = self.get_source_info()
        # It also tells Sphinx's inventory, for other sites, of the term and its anchor.
        title = make_glossary_term(self.env, [nodes.Text(term.term)], None, source, line, term.anchor, self.state.document)
        note_place(self.env, "term", term.term, title["ids"][0])
        if term.abbreviation:
            title += nodes.inline("", f" ({term.abbreviation})", classes=["hep-term-short"])
        return nodes.definition_list_item("", title, nodes.definition("", *self.body(term)))

    def body(self, term: Term) -> Iterator[nodes.Node]:
        """Yield the paragraphs of one entry."""
        yield nodes.paragraph("", f"Say: {term.pronunciation}", classes=["hep-term-say"])
        yield nodes.paragraph("", term.definition_plain, classes=["hep-term-plain"])
        yield from actions(term)
        for label, names in (
            ("Also called", term.synonyms[:SHOWN_NAMES]),
            ("Old names", term.former_names),
            ("Sold as", term.brand_names),
        ):
            if names:
                yield labelled_line(label, ", ".join(names))
        if term.see_also:
            links: list[nodes.Node] = []
            for other in sorted(term.see_also, key=str.lower):
                if links:
                    links.append(nodes.Text(", "))
                links.append(nodes.reference("", other, refid=evidence_of(self.env).terms[other].anchor, internal=True))
            yield labelled_line("See also", *links)
        yield for_clinicians("", *self.beyond_plain(term))

    def beyond_plain(self, term: Term) -> Iterator[nodes.Node]:
        """Yield the definition for clinicians, the codes, and the pages that use the term."""
        yield nodes.paragraph("", term.definition_clinical)
        codes = []
        for system, code in term.codes.items():
            said = [part for part in (term.code_labels.get(system), term.code_match_notes.get(system)) if part]
            # Ontology codes carry their system's name themselves ("CL:0000182").
            name = code if ":" in code else f"{CODE_SYSTEMS[system]} {code}"
            codes.append(name + (f" ({'; '.join(said)})" if said else ""))
        if codes:
            yield labelled_line("Codes", ", ".join(codes))
        for label, names in (("More names", term.synonyms[SHOWN_NAMES:]), ("People say", term.lay_synonyms)):
            if names:
                yield labelled_line(label, ", ".join(names))
        yield used_on(kind="term-use", record=term.term)


def visit_letters(self: HTML5Translator, node: letters) -> None:
    self.body.append('<nav class="hep-az" aria-label="Letters">\n')


def depart_letters(self: HTML5Translator, node: letters) -> None:
    self.body.append("</nav>\n")


def visit_theme(self: HTML5Translator, node: theme) -> None:
    title = self.encode(node["title"])
    if self.builder.name == "epub":
        self.body.append(f'<div class="hep-theme">\n<p><strong>{title}</strong></p>\n')
    else:
        count = f'<span class="hep-count">{node["count"]} words</span>'
        self.body.append(f'<details class="hep-more hep-theme">\n<summary>{title} {count}</summary>\n')


def depart_theme(self: HTML5Translator, node: theme) -> None:
    self.body.append("</div>\n" if self.builder.name == "epub" else "</details>\n")


def visit_for_clinicians(self: HTML5Translator, node: for_clinicians) -> None:
    if self.builder.name == "epub":
        self.body.append('<div class="hep-term-pro">\n<p><strong>For clinicians</strong></p>\n')
    else:
        self.body.append('<details class="hep-more hep-term-pro">\n<summary>For clinicians, and where it is used</summary>\n')


def depart_for_clinicians(self: HTML5Translator, node: for_clinicians) -> None:
    self.body.append("</div>\n" if self.builder.name == "epub" else "</details>\n")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Add the directive and its nodes."""
    app.add_node(letters, html=(visit_letters, depart_letters))
    app.add_node(theme, html=(visit_theme, depart_theme))
    app.add_node(for_clinicians, html=(visit_for_clinicians, depart_for_clinicians))
    app.add_directive("glossary-of-terms", GlossaryOfTerms)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
