"""Says of a record on which pages it is used, when all pages are known: in the evidence map, in the glossary."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.typing import ExtensionMetadata

from hepatica.labelled_lines import labelled_line
from hepatica.places import Kind, places_of, shown_records

LISTED: dict[Kind, Kind] = {"claim": "claim-map", "term-use": "term"}
"""For each kind of use the kind of place that lists the uses."""

SEEN = "hepatica_used_on"
"""Attribute of the (pickled) environment: the uses, and the pages' titles, when the lists were last written."""


class used_on(nodes.General, nodes.Element):
    """Stands where the links to the pages come. Attributes: ``kind``, ``record``."""


def _link_pages(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    for place in list(doctree.findall(used_on)):
        links: list[nodes.Node] = []
        for page, anchor in places_of(app.env, place["kind"], place["record"]):
            if links:
                links.append(nodes.Text(" · "))
            uri = f"{app.builder.get_relative_uri(docname, page)}#{anchor}"
            title = app.env.titles[page].astext()
            links.append(nodes.reference("", "", nodes.inline("", title), refuri=uri, internal=True))
        place.replace_self(labelled_line("Used on", *links) if links else [])


def _stale(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Ask for a list to be written again when a page began or ceased to use what it lists, or was renamed."""
    now = {kind: _uses(env, kind) for kind in LISTED}
    before = getattr(env, SEEN, None)
    setattr(env, SEEN, now)
    pages: set[str] = set()
    for kind, listed in LISTED.items():
        if before is not None and before.get(kind) != now[kind]:
            pages |= {page for name in shown_records(env, listed) for page, _ in places_of(env, listed, name)}
    return sorted(pages)


def _uses(env: BuildEnvironment, kind: Kind) -> list[tuple[str, list[tuple[str, str]]]]:
    names = sorted(shown_records(env, kind))
    return [(name, [(page, env.titles[page].astext()) for page, _ in places_of(env, kind, name)]) for name in names]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Fill the places in when all pages are known."""
    app.add_node(used_on)
    app.connect("env-updated", _stale)
    app.connect("doctree-resolved", _link_pages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
