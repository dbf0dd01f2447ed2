"""How a source looks in the list of references: a pybtex style for sphinxcontrib-bibtex.

One pattern for all kinds of source: authors, title, where, year, and the link that records.Source chose.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

import pybtex.plugin
from docutils import nodes
from pybtex.database import Entry
from pybtex.richtext import HRef, Text
from pybtex.style.formatting import BaseStyle
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.typing import ExtensionMetadata

from hepatica.evidence import evidence_of
from hepatica.sources import Source, plain


class HepaticaStyle(BaseStyle):
    """Author-year labels, sorted by label."""

    sources: ClassVar[dict[str, Source]] = {}
    """Set once a build: pybtex makes the style itself and passes it nothing."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        del self.format_labels, self.sort  # pybtex sets its own styles' on the instance, over the two methods below

    def sort(self, entries: Iterable[Entry]) -> list[Entry]:
        """Sort by label, as a reader looks for it."""
        return sorted(entries, key=lambda entry: self.sources[entry.key].label.lower())

    def format_labels(self, sorted_entries: Iterable[Entry]) -> Iterator[str]:
        """Yield the label of each entry."""
        for entry in sorted_entries:
            yield self.sources[entry.key].label

    def format_entry(self, label: str, entry: Entry, bib_data: Any = None) -> Any:
        """Format one entry, of whatever type."""
        formatted = self._text(entry)
        return pybtex.style.FormattedEntry(entry.key, formatted, label)

    def _text(self, entry: Entry) -> Text:
        source = self.sources[entry.key]
        people = [plain(str(person)) for person in entry.persons.get("author", [])]
        names = ", ".join(_name(person) for person in people)
        parts: list[Any] = [f"{_sentence(names)} " if names else "", f"{_sentence(source.title)} "]
        where = ", ".join(part for part in (source.published_in, plain(entry.fields.get("pages", "")), source.year) if part)
        if where:
            parts.append(f"{_sentence(where)} ")
        if source.link:
            url, words = source.link
            parts.append(HRef(url, words))
        if "note" in entry.fields:
            parts.append(f" {plain(entry.fields['note'])}")
        return Text(*parts)


def _name(person: str) -> str:
    """Turn "Kalra, A." into "Kalra A" and "others" into "et al."."""
    if person == "others":
        return "et al."
    last, _, first = person.partition(", ")
    return " ".join([last, first.replace(".", "").replace(" ", "")]).strip()


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."


class PlainReferences(SphinxPostTransform):
    """Write the references as a list.

    Docutils marks each as ``doc-biblioentry``, a role that DPUB-ARIA 1.1 deprecates: EPUBCheck warns of it, and axe finds
    its list without items.
    """

    default_priority = 950  # after bibtex and Sphinx have resolved the links to the entries
    builders = ("html", "epub")

    def run(self, **kwargs: object) -> None:
        for container in list(self.document.findall(nodes.container)):
            citations = [child for child in container.children if isinstance(child, nodes.citation)]
            if not citations:
                continue
            entries = nodes.bullet_list(classes=["hep-references"])
            for citation in citations:
                label, *body = citation.children
                text = [node for paragraph in body for node in paragraph.children]
                entry = nodes.paragraph("", "", nodes.strong("", f"{label.astext()}. "), *text)
                entries += nodes.list_item("", entry, ids=citation["ids"])
            container.replace_self(entries)


def _give_sources(app: Sphinx) -> None:
    HepaticaStyle.sources = evidence_of(app.env).sources


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the style under the name ``hepatica``, and the list that it stands in."""
    pybtex.plugin.register_plugin("pybtex.style.formatting", "hepatica", HepaticaStyle)
    app.add_post_transform(PlainReferences)
    app.connect("builder-inited", _give_sources, priority=450)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
