"""Links to the files of open data. The site carries them; the book only names them."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata


class data_file(nodes.Inline, nodes.TextElement):
    """The name of a file of data, a link on the site. Attribute: ``path``, from the folder ``data``."""


def _link(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    for file in list(doctree.findall(data_file)):
        if app.builder.name == "html":
            uri = "../" * docname.count("/") + f"data/{file['path']}"
            file.replace_self(nodes.reference("", "", nodes.inline("", file.astext()), refuri=uri, internal=True))
        else:
            file.replace_self(nodes.literal("", file.astext()))


def setup(app: Sphinx) -> ExtensionMetadata:
    """Add the node, and resolve it for each output."""
    app.add_node(data_file)
    app.connect("doctree-resolved", _link)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
