"""What only the home page has: the search box, the doors, and the list of everything."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar
from urllib.parse import quote_plus

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

from hepatica.icons import icon
from hepatica.navigation import read_sections

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata, OptionSpec
    from sphinx.writers.html5 import HTML5Translator


class search_box(nodes.General, nodes.Element):
    """A form that leads to the search page. Attribute: ``tries``, searches to offer as links. Left out of the book."""


class doors(nodes.General, nodes.Element):
    """Links in the reader's own words, each with a line of help."""


class everything(nodes.General, nodes.Element):
    """Stands where the list of sections comes, until all pages are known."""


class SearchBox(SphinxDirective):
    """``:::{search-box}`` with ``:try: yellow eyes, waiting list``"""

    option_spec: ClassVar[OptionSpec] = {"try": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        tries = [words.strip() for words in self.options.get("try", "").split(",") if words.strip()]
        node = search_box(tries=tries)
        self.set_source_info(node)
        return [node]


class Doors(SphinxDirective):
    """``:::{doors}`` around a bullet list: in each bullet a paragraph that is a link, and a line of help."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        self.assert_has_content()
        node = doors("", *self.parse_content_to_nodes())
        self.set_source_info(node)
        return [node]


class Everything(SphinxDirective):
    """``:::{everything}``"""

    def run(self) -> list[nodes.Node]:
        node = everything()
        self.set_source_info(node)
        return [node]


def count_words(pages: int) -> str:
    """Say how many pages.

    >>> count_words(1), count_words(6)
    ('1 page', '6 pages')
    """
    return f"{pages} page" if pages == 1 else f"{pages} pages"


def list_everything(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the list of sections in the place that was kept for it: name, link, number of pages."""
    for place in list(doctree.findall(everything)):
        items = []
        for section in read_sections(app.env):
            if not section.pages:
                continue
            uri = app.builder.get_relative_uri(docname, section.page.docname)
            link = nodes.reference("", "", nodes.inline("", section.page.title), refuri=uri, internal=True)
            count = nodes.inline("", count_words(len(section.pages)), classes=["hep-count"])
            items.append(nodes.list_item("", nodes.paragraph("", "", link, nodes.Text(" "), count)))
        place.replace_self(nodes.bullet_list("", *items, classes=["hep-everything"]) if items else [])


def visit_search_box(self: HTML5Translator, node: search_box) -> None:
    if self.builder.name == "epub":  # a book's reader has a search of its own
        raise nodes.SkipNode
    target = self.encode(self.builder.get_relative_uri(self.builder.current_docname, "search"))
    self.body.append(
        f'<form class="hep-search" role="search" aria-label="This site" action="{target}" method="get">\n'
        '<label for="search-field">What do you want to know?</label>\n'
        '<div class="hep-search-row"><input id="search-field" type="search" name="q" autocomplete="off" spellcheck="false">\n'
        f'<button type="submit">{icon("search")}<span>Search</span></button></div>\n'
    )
    if node["tries"]:
        links = " · ".join(
            f'<a href="{target}?q={quote_plus(words)}" rel="nofollow">{self.encode(words)}</a>' for words in node["tries"]
        )
        self.body.append(f'<p class="hep-hint">Try: {links}</p>\n')
    self.body.append("</form>\n")
    raise nodes.SkipNode


def visit_doors(self: HTML5Translator, node: doors) -> None:
    self.body.append('<div class="hep-doors">\n')


def depart_doors(self: HTML5Translator, node: doors) -> None:
    self.body.append("</div>\n")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Add the home page's directives and nodes."""
    app.add_directive("search-box", SearchBox)
    app.add_directive("doors", Doors)
    app.add_directive("everything", Everything)
    app.add_node(search_box, html=(visit_search_box, None))
    app.add_node(doors, html=(visit_doors, depart_doors))
    app.add_node(everything)
    app.connect("doctree-resolved", list_everything)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
