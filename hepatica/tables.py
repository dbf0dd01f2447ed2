"""Tables: made here, and on a phone each row stands by itself, and each cell says which column it is from.

A wide table that is squeezed or scrolled sideways cannot be read on a phone. The label is text in the cell, hidden where the
table is a table, so that it needs no script and survives the loss of the table's semantics that ``display: block`` brings.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

Cell = nodes.Node | Sequence[nodes.Node] | str
"""What a cell is made of: text, a node or several."""

STACKED_FROM = 3
"""Tables of this many columns and more are stacked; a table of two fits a phone as it is."""


class LabelCells(SphinxPostTransform):
    """Write the column's name into each cell but the row's first, and mark the table for the style sheet."""

    default_priority = 300
    builders = ("html", "dirhtml")

    def run(self, **kwargs: object) -> None:
        for table in self.document.findall(nodes.table):
            heads = [head for row in table.findall(nodes.thead) for head in cells_of(row)]
            if len(heads) < STACKED_FROM or has_spans(table):
                continue
            table["classes"].append("hep-stack")
            for body in table.findall(nodes.tbody):
                for row in body.findall(nodes.row):
                    for head, cell in list(zip(heads, cells_of(row), strict=False))[1:]:
                        label_cell(cell, head.astext().strip())


def make_row(cells: Sequence[Cell], *classes: str) -> nodes.row:
    """Return a row."""
    row = nodes.row(classes=list(classes))
    for cell in cells:
        inside = [nodes.paragraph("", cell)] if isinstance(cell, str) else [cell] if isinstance(cell, nodes.Node) else cell
        row += nodes.entry("", *inside)
    return row


def make_table(heads: Sequence[nodes.Node | str], rows: Sequence[nodes.row], *classes: str) -> nodes.table:
    """Return a table whose first column heads its rows."""
    columns = [nodes.colspec(colwidth=1, stub=int(number == 0)) for number in range(len(heads))]
    group = nodes.tgroup("", *columns, nodes.thead("", make_row(heads)), nodes.tbody("", *rows), cols=len(heads))
    return nodes.table("", group, classes=list(classes))


def cells_of(part: nodes.Element) -> Iterator[nodes.entry]:
    """Yield the cells of a row, or of a head."""
    return part.findall(nodes.entry)


def has_spans(table: nodes.table) -> bool:
    """Tell whether a cell of the table spans rows or columns: then columns cannot be counted."""
    heads = sum(1 for head in table.findall(nodes.thead) for _row in head.findall(nodes.row))
    return heads != 1 or any(cell.get("morecols") or cell.get("morerows") for cell in cells_of(table))


def label_cell(cell: nodes.entry, label: str) -> None:
    """Put a label in front of a cell's text; an empty cell stays empty, and is then not shown on a phone."""
    first = cell.children[0] if cell.children else None
    if label and isinstance(first, nodes.paragraph):
        first.insert(0, [nodes.inline("", label, classes=["hep-cell-label"]), nodes.Text(" ")])


def setup(app: Sphinx) -> ExtensionMetadata:
    """Add the transform."""
    app.add_post_transform(LabelCells)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
