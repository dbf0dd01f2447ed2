"""What the search knows of each page: its sections, with their heading and their text, as a reader sees them.

Taken when a page is read and kept, so that a build that reads one page knows all of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from hepatica.claim_parts import claim_card
from hepatica.glossary import letters, theme
from hepatica.home import doors, everything, search_box
from hepatica.notes import note_mark, source_list
from hepatica.page_parts import emergency
from hepatica.page_registry import PageRegistry
from hepatica.study_records import study_record
from hepatica.used_on import used_on


@dataclass(frozen=True)
class Section:
    """A part of a page with an address: what a search result leads to."""

    anchor: str
    """Empty for the top of the page."""

    heading: str
    text: str
    record: bool = False
    """One of many that a page lists (a term, a study, a claim): the page is not about everything that it lists."""


@dataclass
class _Open:
    """A section that is being filled."""

    anchor: str
    heading: str
    record: bool = False
    words: list[str] = field(default_factory=list)

    def close(self) -> Section:
        return Section(self.anchor, " ".join(self.heading.split()), " ".join("".join(self.words).split()), self.record)


LEFT_OUT = (
    nodes.Invisible,
    nodes.image,
    nodes.raw,
    nodes.title,
    addnodes.toctree,
    addnodes.index,
    note_mark,
    source_list,
    letters,
    theme,
    used_on,
    search_box,
    doors,
    everything,
)
"""What is no text of its own: marks and lists that lead elsewhere."""

BLOCKS = (nodes.paragraph, nodes.entry, nodes.list_item, nodes.term, nodes.definition, nodes.caption, nodes.rubric)


def sections_of(document: nodes.document) -> list[Section]:
    """Return the sections of a page in order.

    The first is the top of the page: it has the page's title as its heading, and ``record`` if the page lists records.
    """
    top = _Open("", "")
    found = [top]
    first = next(iter(document.findall(nodes.section)), None)
    for node in document.children:
        _read(node, top, found, first)
    top.record = any(section.record for section in found)
    return [section.close() for section in found if section.heading or section is top]


def _read(node: nodes.Node, into: _Open, found: list[_Open], first: nodes.section | None) -> None:
    """Add a node's text to the section ``into``; sections inside it become sections of their own."""
    if isinstance(node, nodes.Text):
        into.words.append(node.astext())
        return
    if not isinstance(node, nodes.Element) or isinstance(node, LEFT_OUT) or _is_drawn_from_records(node):
        return
    record = _record(node)
    if record:
        found.append(record)
        return
    inside = into
    if isinstance(node, nodes.section):
        title = next((child.astext() for child in node.children if isinstance(child, nodes.title)), "")
        if node is first:
            into.heading = title
        elif node["ids"][0] == "sources":
            return
        else:
            inside = _Open(node["ids"][0], title)
            found.append(inside)
    elif isinstance(node, claim_card):
        into.words += [f" {child.astext()}" for child in node.findall(nodes.paragraph) if "hep-claim-sentence" in child["classes"]]
        return
    elif isinstance(node, emergency):
        into.words.append(f"{node['title']}. ")
    for child in node.children:
        _read(child, inside, found, first)
    if isinstance(node, BLOCKS):
        inside.words.append(" ")


def _record(node: nodes.Element) -> _Open | None:
    """Return a whole record as a section: what a reader searches for is its name and what it says first, not all its data."""
    if isinstance(node, study_record):
        return _Open(node["ids"][0], node["title"], True, [f"{child.astext()} " for child in list(node.children)[:2]])
    if isinstance(node, nodes.definition_list_item) and "hep-glossary" in node.parent["classes"]:
        name = next(iter(node.findall(nodes.term)))
        said = {"hep-term-plain", "hep-term-do"}
        words = [f"{child.astext()} " for child in node.findall(nodes.paragraph) if said & set(child["classes"])]
        return _Open(name["ids"][0], name.astext(), True, words)
    if isinstance(node, claim_card) and any(name.startswith("map-") for name in node["ids"]):
        return _Open(node["ids"][0], "", True)  # the evidence map: each claim's sentence stands on its own page too
    return None


def _is_drawn_from_records(node: nodes.Element) -> bool:
    return isinstance(node, nodes.table) and "hep-studies" in node["classes"]


sections: PageRegistry[list[Section]] = PageRegistry("hepatica_search_sections")
"""The sections of each page."""


def _note(app: Sphinx, doctree: nodes.document) -> None:
    sections.of(app.env)[app.env.current_document.docname] = sections_of(doctree)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Keep the sections of each page."""
    app.connect("doctree-read", _note)
    sections.connect(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
