"""Remembers on which pages records are shown, and links to them: claims to their cards, studies to their whole records.

One registry in the (pickled) environment, kept right when pages are read again, removed, or read in parallel.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.typing import ExtensionMetadata

Kind = Literal["claim", "study", "trial", "claim-map", "term", "term-use"]
Shown = dict[str, dict[tuple[str, str], str]]
"""For each page the anchors on it, by kind and id."""

NAME = "hepatica_places"


class record_link(nodes.Inline, nodes.TextElement):
    """A link to where a record is shown; plain text where it is shown nowhere. Attributes: ``kind``, ``record``."""


def _shown(env: BuildEnvironment) -> Shown:
    if not hasattr(env, NAME):
        setattr(env, NAME, {})
    found: Shown = getattr(env, NAME)
    return found


def note_place(env: BuildEnvironment, kind: Kind, record: str, anchor: str) -> None:
    """Remember that the page that is being read shows ``record`` at ``anchor``; the first place on a page counts."""
    _shown(env).setdefault(env.current_document.docname, {}).setdefault((kind, record), anchor)


def is_noted(env: BuildEnvironment, kind: Kind, record: str) -> bool:
    """Tell whether the page that is being read shows ``record`` already."""
    return (kind, record) in _shown(env).get(env.current_document.docname, {})


def places_of(env: BuildEnvironment, kind: Kind, record: str) -> list[tuple[str, str]]:
    """Return (page, anchor) of every place that shows ``record``, in order of the pages' names."""
    return [(docname, anchors[kind, record]) for docname, anchors in sorted(_shown(env).items()) if (kind, record) in anchors]


def shown_records(env: BuildEnvironment, kind: Kind) -> set[str]:
    """Return the ids of all records of a kind that some page shows."""
    return {record for anchors in _shown(env).values() for one, record in anchors if one == kind}


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


def _forget(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    _shown(env).pop(docname, None)


def _merge(app: Sphinx, env: BuildEnvironment, docnames: Iterable[str], other: BuildEnvironment) -> None:
    _shown(env).update({name: anchors for name, anchors in _shown(other).items() if name in docnames})


def setup(app: Sphinx) -> ExtensionMetadata:
    """Keep the registry, and resolve the links."""
    app.add_node(record_link)
    app.connect("env-purge-doc", _forget)
    app.connect("env-merge-info", _merge)
    app.connect("doctree-resolved", _resolve)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
