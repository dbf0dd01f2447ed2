"""Links to the glossary: ``{term}``, and by itself the first use of a term on a page.

On the site a script shows the meaning beside the word, on hover, focus or tap; in the book the link is a ``noteref``, which
reading systems show as a pop-up; on paper nothing changes. What is shown stands at the end of each page, for the terms on it.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms import SphinxTransform
from sphinx.util import logging
from sphinx.util.docutils import ReferenceRole
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator

from hepatica.evidence import evidence_of
from hepatica.page_parts import Part, emergency
from hepatica.page_registry import PageRegistry
from hepatica.pages import read_front_matter
from hepatica.places import note_place, places_of
from hepatica.record_types import nearest
from hepatica.terms import Key, Term, key_of

logger = logging.getLogger(__name__)

_pages: PageRegistry[tuple[dict[str, str], frozenset[str]]] = PageRegistry("hepatica_term_links")
"""For each page a mark of what it shows of which term, and the page's words."""

NAMES = "hepatica_term_names"
"""Attribute of the (pickled) environment: the names that were linked by themselves in the last build."""


class term_link(nodes.Inline, nodes.TextElement):
    """A word that leads to the glossary. Attributes: ``term``, ``ids``; once resolved ``refuri`` and ``note``."""


class term_notes(nodes.Part, nodes.Element):
    """The meanings of a page's terms. Children: :class:`term_note`."""


class term_note(nodes.Part, nodes.Element):
    """One meaning. Attributes: ``anchor``, ``refuri``, ``back``."""


class TermRole(ReferenceRole):
    """``{term}`ascites``` and ``{term}`fluid in the belly <ascites>```: any name of a term, also in the plural."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        names = evidence_of(self.env).term_names
        term = names.find(self.target)
        if term is None:
            hint = nearest(self.target, names.written())
            message = f"no term '{self.target}' in evidence/terms{hint}; correct the name, or add the term to evidence/terms"
            logger.warning(message, location=self.get_location(), type="hepatica", subtype="term")
            return [nodes.Text(self.title)], []
        return [term_link("", self.title, term=term.term)], []


class LinkTerms(SphinxTransform):
    """Link the first use of each term on a page; later ones, headings and links never. Give each link an id."""

    default_priority = 690

    def apply(self, **kwargs: object) -> None:
        docname = self.env.current_document.docname
        evidence = evidence_of(self.env)
        unwanted = set(self.unwanted())
        seen: Counter[str] = Counter()
        words: set[str] = set()
        for node in list(own_words(self.document)):
            if isinstance(node, term_link):
                self.note(node, seen)
                continue
            text = node.astext()
            words.update(key_of(text))
            parts: list[nodes.Node] = []
            end = 0
            for found in evidence.term_names.search(text):
                name = found.term.term
                if name in seen or name in unwanted or name in by_hand(node):
                    continue
                link = term_link("", text[found.start : found.end], term=name)
                self.note(link, seen)
                parts += [nodes.Text(text[end : found.start]), link]
                end = found.end
            if parts:
                rest = [*parts, nodes.Text(text[end:])]
                node.parent.replace(node, [part for part in rest if part.astext()])
        # Links that stand in what is not searched, such as a heading, still lead somewhere and are still explained.
        for link in self.document.findall(term_link):
            if not link["ids"]:
                self.note(link, seen)
        shown = {name: _digest(evidence.terms[name]) for name in sorted(seen)}
        _pages.of(self.env)[docname] = (shown, frozenset(words))

    def note(self, link: term_link, seen: Counter[str]) -> None:
        """Give a link its id, and remember for the glossary where the page first uses the term."""
        term = evidence_of(self.env).terms[link["term"]]
        seen[term.term] += 1
        link["ids"] = [f"use-{term.anchor}" + (f"-{seen[term.term]}" if seen[term.term] > 1 else "")]
        note_place(self.env, "term-use", term.term, link["ids"][0])

    def unwanted(self) -> Iterator[str]:
        """Yield the terms that the page's front matter says not to link; warn of a name that no term has."""
        names = evidence_of(self.env).term_names
        docname = self.env.current_document.docname
        matter, _faults = read_front_matter(Path(self.env.doc2path(docname)))
        for name in matter.not_linked if matter else []:
            term = names.find(name)
            if term:
                yield term.term
            else:
                message = f"'not_linked' names '{name}', which is no term{nearest(name, names.written())}; correct or remove it"
                logger.warning(message, location=(docname, 1), type="hepatica", subtype="term")


def by_hand(text: nodes.Text) -> set[str]:
    """Return the terms that a writer links in the block of a text: none needs a second link there."""
    block: nodes.Node = text
    while isinstance(block, nodes.Text | nodes.Inline):
        block = block.parent
    return {link["term"] for link in block.findall(term_link)}


SKIPPED = (
    nodes.title,
    nodes.rubric,
    nodes.reference,
    nodes.literal,
    nodes.literal_block,
    nodes.raw,
    nodes.caption,
    nodes.thead,
    nodes.math,
    nodes.Invisible,
    addnodes.pending_xref,
    addnodes.download_reference,
    addnodes.glossary,
    addnodes.toctree,
    emergency,
)
"""Where no word is linked by itself. The emergency box: nothing there should lead away from what to do."""


def own_words(node: nodes.Node) -> Iterator[nodes.Text | term_link]:
    """Yield the texts that a writer wrote in a page, and the terms linked by hand, in order.

    What our components draw from records is not the writer's: only the parts of a page are looked into.
    """
    if isinstance(node, nodes.Text | term_link):
        yield node
    elif isinstance(node, nodes.Element) and not isinstance(node, SKIPPED):
        ours = type(node).__module__.startswith("hepatica.") and not isinstance(node, Part)
        made = any(name.startswith("hep-") for name in node["classes"])
        if not ours and not made:
            for child in node.children:
                yield from own_words(child)


def _digest(term: Term) -> str:
    """Return a mark of all that a page shows of a term, or links it by."""
    shown = (term.names, term.not_linked, term.pronunciation, term.definition_plain, term.what_to_do, term.do_not_stop)
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:16]


def _outdated(app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]) -> list[str]:
    """Ask for the pages to be read again that show a changed term, or have all words of a new name."""
    evidence = evidence_of(env)
    names = evidence.term_names.names
    now: set[Key] = {key for key, name in names.items() if name.written not in name.term.not_linked}
    new = now - getattr(env, NAMES, set())
    setattr(env, NAMES, now)
    digests = {name: _digest(term) for name, term in evidence.terms.items()}
    return sorted(
        docname
        for docname, (shown, words) in _pages.of(env).items()
        if any(digests.get(name) != digest for name, digest in shown.items()) or any(map(words.issuperset, new))
    )


def _resolve(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Say where each link leads, and append the meanings."""
    evidence = evidence_of(app.env)
    notes: dict[str, term_note] = {}
    for link in list(doctree.findall(term_link)):
        places = places_of(app.env, "term", link["term"])
        if not places:
            link.replace_self(link.children)
            continue
        page, anchor = places[0]
        link["refuri"] = f"#{anchor}" if page == docname else f"{app.builder.get_relative_uri(docname, page)}#{anchor}"
        term = evidence.terms[link["term"]]
        link["note"] = term.anchor
        if page != docname:
            new = term_note("", *_meaning(term), anchor=term.anchor, refuri=link["refuri"], back=[])
            notes.setdefault(term.term, new)["back"] += link["ids"]
    if notes:
        doctree += term_notes("", *notes.values())


def _meaning(term: Term) -> Iterator[nodes.paragraph]:
    name = term.term[0].upper() + term.term[1:]
    short = nodes.Text(f" ({term.abbreviation})" if term.abbreviation else "")
    say = nodes.inline("", f"Say: {term.pronunciation}", classes=["hep-term-say"])
    yield nodes.paragraph("", "", nodes.strong("", name), short, nodes.Text(" "), say, classes=["hep-term-name"])
    yield nodes.paragraph("", term.definition_plain)
    yield from actions(term)


def actions(term: Term) -> Iterator[nodes.paragraph]:
    """Yield what to do about a danger, and what not to stop."""
    for label, text in (("What to do:", term.what_to_do), ("Important:", term.do_not_stop)):
        if text:
            yield nodes.paragraph("", "", nodes.strong("", label), nodes.Text(f" {text}"), classes=["hep-term-do"])


def visit_term_link(self: HTML5Translator, node: term_link) -> None:
    in_book = self.builder.name == "epub"
    kind = ' role="doc-noteref" epub:type="noteref"' if in_book else f' data-note="{node["note"]}"'
    target = f"#note-{node['note']}" if in_book and not node["refuri"].startswith("#") else node["refuri"]
    self.body.append(f'<a class="hep-term" id="{node["ids"][0]}" href="{self.encode(target)}"{kind}>')


def depart_term_link(self: HTML5Translator, node: term_link) -> None:
    self.body.append("</a>")


def visit_term_notes(self: HTML5Translator, node: term_notes) -> None:
    if self.builder.name == "epub":
        self.body.append('<section class="hep-words">\n<p class="hep-words-title"><strong>Words of this chapter</strong></p>\n')
    else:
        # A template: nothing of it is drawn, read aloud, printed or found until the script takes it out.
        self.body.append('<template class="hep-words">\n')


def depart_term_notes(self: HTML5Translator, node: term_notes) -> None:
    self.body.append("</section>\n" if self.builder.name == "epub" else "</template>\n")


def visit_term_note(self: HTML5Translator, node: term_note) -> None:
    if self.builder.name == "epub":
        self.body.append(f'<aside id="note-{node["anchor"]}" epub:type="footnote" role="doc-footnote">\n')
    else:
        self.body.append(f'<div data-note="{node["anchor"]}">\n')


def depart_term_note(self: HTML5Translator, node: term_note) -> None:
    in_book = self.builder.name == "epub"
    back = "".join(
        f' <a href="#{name}" role="doc-backlink" aria-label="Back to the text, use {number}">↩</a>'
        for number, name in enumerate(node["back"], 1)
    )
    more = f'<a href="{self.encode(node["refuri"])}"' + ("" if in_book else ' tabindex="-1"') + ">More</a>"
    self.body.append(f'<p class="hep-term-more">Draft, not yet reviewed. {more}{back if in_book else ""}</p>\n')
    self.body.append("</aside>\n" if in_book else "</div>\n")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Put our role in the place of Sphinx's, which knows no plural and explains nothing."""
    app.add_node(term_link, html=(visit_term_link, depart_term_link))
    app.add_node(term_notes, html=(visit_term_notes, depart_term_notes))
    app.add_node(term_note, html=(visit_term_note, depart_term_note))
    app.add_role_to_domain("std", "term", TermRole(), override=True)
    app.add_transform(LinkTerms)
    app.connect("env-get-outdated", _outdated)
    _pages.connect(app)
    app.connect("doctree-resolved", _resolve)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
