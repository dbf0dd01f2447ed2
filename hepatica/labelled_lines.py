"""A line "label: value", as claims and whole records show what they say."""

from __future__ import annotations

from docutils import nodes


def labelled_line(label: str, *value: nodes.Node | str) -> nodes.paragraph:
    """Return a line "label: value"."""
    parts = [nodes.Text(part) if isinstance(part, str) else part for part in value]
    name = nodes.inline("", f"{label}:", classes=["hep-row-label"])
    return nodes.paragraph("", "", name, nodes.Text(" "), nodes.inline("", "", *parts), classes=["hep-row"])
