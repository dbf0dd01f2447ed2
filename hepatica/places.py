"""Remembers on which pages records are shown, and links to them: claims to their cards, studies to their whole records."""

from __future__ import annotations

from typing import Literal

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.typing import ExtensionMetadata

from hepatica.page_registry import PageRegistry

Kind = Literal["claim", "study", "trial", "claim-map", "term", "term-use"]
_shown: PageRegistry[dict[tuple[str, str], str]] = PageRegistry("hepatica_places")
"""For each page the anchors on it, by kind and id."""


class record_link(nodes.Inline, nodes.TextElement):
    """A link to where a record is shown; plain text where it is shown nowhere. Attributes: ``kind``, ``record``."""


def note_place(env: BuildEnvironment, kind: Kind, record: str, anchor: str) -> None:
    """Remember that the page that is being read shows ``record`` at ``anchor``; the first place on a page counts."""
    _shown.of(env).setdefault(env.current_document.docname, {}).setdefault((kind, record), anchor)


def is_noted(env: BuildEnvironment, kind: Kind, record: str) -> bool:
    """Tell whether the page that is being read shows ``record`` already."""
    return (kind, record) in _shown.of(env).get(env.current_document.docname, {})


def places_of(env: BuildEnvironment, kind: Kind, record: str) -> list[tuple[str, str]]:
    """Return (page, anchor) of every place that shows ``record``, in order of the pages' names."""
    return [(docname, anchors[kind, record]) for docname, anchors in sorted(_shown.of(env).items()) if (kind, record) in anchors]


def shown_records(env: BuildEnvironment, kind: Kind) -> set[str]:
    """Return the ids of all records of a kind that some page shows."""
    return {record for anchors in _shown.of(env).values() for one, record in anchors if one == kind}


def _resolve(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Turn each :class:`record_link` into a reference."""
    for link in list(doctree.findall(record_link)):
        # The page itself first: a reader should not be sent away for what stands here.
        places = sorted(places_of(app.env, link["kind"], link["record"]), key=lambda place: place[0] != docname)
        if not places:
            link.replace_self(link.children)
            continue
        page, anchor = places[0]
        uri = f"#{anchor}" if page == docname else f"{app.builder.get_relative_uri(docname, page)}#{anchor}"
        link.replace_self(nodes.reference("", "", nodes.inline("", "", *link.children), refuri=uri, internal=True))


def setup(app: Sphinx) -> ExtensionMetadata:
    """Keep the registry, and resolve the links."""
    app.add_node(record_link)
    _shown.connect(app)
    app.connect("doctree-resolved", _resolve)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
