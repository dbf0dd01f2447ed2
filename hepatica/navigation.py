"""Where a page is and what else there is: the contents sheet, the way, the lists of pages on a section's own page.

Sphinx resolves the whole toctree again for every page, which grows with the square of the number of pages
(sphinx-doc/sphinx#14277, pradyunsg/furo#939). Here it is read once a build, and the sheet is rendered once for each depth
of folder.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata

SEEN = "hepatica_navigation"
"""Attribute of the (pickled) environment: the navigation as it stood when the pages were last written."""

UNUSED_SCRIPTS = frozenset({"sphinx_highlight.js", "documentation_options.js", "doctools.js"})
"""Sphinx's scripts that no page needs: they serve its own search, and store what was searched for on the reader's device."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page as the navigation names it."""

    docname: str
    title: str
    target: str
    """Its address, counted from the site's root."""

    description: str
    """One sentence, from its front matter; may be empty."""


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the site: its index page, and its pages in order."""

    page: Page
    pages: tuple[Page, ...]


def read_sections(env: BuildEnvironment) -> tuple[Section, ...]:
    """Read the sections off the toctrees: the root's entries, each with its own entries."""

    def page(docname: str) -> Page:
        description = env.metadata[docname].get("description", "")
        return Page(docname, env.titles[docname].astext(), f"{docname}.html", description)

    def entries(docname: str) -> list[str]:
        return [entry for entry in env.toctree_includes.get(docname, []) if entry in env.titles]

    return tuple(Section(page(index), tuple(map(page, entries(index)))) for index in entries(env.config.root_doc))


class Navigation:
    """The navigation of one build."""

    def __init__(self) -> None:
        self.sections: tuple[Section, ...] = ()
        self._way: dict[str, tuple[Page, ...]] = {}
        self._cell: dict[str, int] = {}
        self._sheets: dict[str, str] = {}

    def update(self, app: Sphinx, env: BuildEnvironment) -> Sequence[str]:
        """Read the toctrees; ask for every page to be written again if they changed, since every page shows them."""
        self.sections = read_sections(env)
        self._way = {page.docname: (section.page,) for section in self.sections for page in section.pages}
        self._cell = {
            page.docname: number for number, section in enumerate(self.sections) for page in (section.page, *section.pages)
        }
        self._sheets = {}
        # Plain tuples, so that an environment of an older version of this module can still be read.
        now = [
            (section.page.title, [(page.docname, page.title, page.description) for page in section.pages])
            for section in self.sections
        ]
        if getattr(env, SEEN, now) == now:
            setattr(env, SEEN, now)
            return []
        setattr(env, SEEN, now)
        return sorted(env.found_docs)

    def list_pages(self, app: Sphinx, doctree: nodes.document, docname: str) -> None:
        """On a section's own page, put a list that says what each page is about in the place of Sphinx's list of titles."""
        section = next((section for section in self.sections if section.page.docname == docname), None)
        toctree = next(doctree.findall(addnodes.toctree), None)
        if section is None or toctree is None:
            return
        toctree["hidden"] = True
        pages = nodes.bullet_list(classes=["hep-pages"])
        for page in section.pages:
            uri = app.builder.get_relative_uri(docname, page.docname)
            link = nodes.reference("", "", nodes.inline("", page.title), refuri=uri, internal=True)
            pages += nodes.list_item("", nodes.paragraph("", "", link), nodes.paragraph("", page.description))
        toctree.parent.insert(toctree.parent.index(toctree) + 1, pages)

    def sheet(self, app: Sphinx, pagename: str) -> str:
        """Return the contents sheet for a page, with the page itself marked."""
        root = "../" * pagename.count("/")
        if root not in self._sheets:
            self._sheets[root] = app.builder.templates.render("partials/contents.html", {"sections": self.sections, "root": root})
        here = f'href="{root}{escape(pagename)}.html"'
        return self._sheets[root].replace(here, f'{here} aria-current="page"', 1)

    def add_to_page(
        self, app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
    ) -> None:
        """Give a page's template its navigation; spare it the toctree that Furo would ask for, and the scripts it does not need."""
        if app.builder.name == "epub":
            return
        context["hepatica_contents"] = self.sheet(app, pagename)
        context["hepatica_sections"] = self.sections
        context["hepatica_way"] = self._way.get(pagename, ())
        context["hepatica_cell"] = self._cell.get(pagename)
        context["toctree"] = lambda **_options: ""
        scripts = context.get("script_files", [])
        context["script_files"] = [script for script in scripts if PurePosixPath(str(script.filename)).name not in UNUSED_SCRIPTS]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Connect the navigation; before Furo's handler of the page context, which runs at 500."""
    navigation = Navigation()
    app.connect("env-updated", navigation.update)
    app.connect("doctree-resolved", navigation.list_pages)
    app.connect("html-page-context", navigation.add_to_page, priority=400)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
