"""The icons: drawn once, for templates and for page parts.

Each stands beside its word, never alone, and is left out of the book.
"""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

HEXAGON = "M12 1.8 20.8 6.9v10.2L12 22.2 3.2 17.1V6.9z"
PATHS = {
    "alert": f"{HEXAGON}M12 6.8v6.2M12 16.6v.4",
    "hexagon": HEXAGON,
    "menu": "M3.5 6.5h17M3.5 12h17M3.5 17.5h17",
    "phone": (
        "M6.6 3.5 4.4 4.6c-.7.3-1.1 1-1 1.8C4.4 13.7 10.3 19.6 17.6 20.6c.8.1 1.5-.3 1.8-1l1.1-2.2c.4-.8.1-1.7-.6-2.2"
        "l-2.8-1.8c-.6-.4-1.5-.3-2 .3l-1 1.1c-2.1-1-3.8-2.7-4.8-4.8l1.1-1c.6-.5.7-1.4.3-2L8.8 4.1c-.5-.7-1.4-1-2.2-.6z"
    ),
    "search": "M17.5 10.8a6.8 6.8 0 1 1-13.6 0a6.8 6.8 0 0 1 13.6 0zM15.8 15.8 20.6 20.6",
}
"""Each icon's outline, on a grid of 24."""


def icon(name: str) -> str:
    """Return an icon as SVG; a screen reader passes it over."""
    return (
        '<svg class="hep-icon" viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor" stroke-width="1.9"'
        ' stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">'
        f'<path d="{PATHS[name]}"/></svg>'
    )


def _give_to_template(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object) -> None:
    context["icon"] = icon


def setup(app: Sphinx) -> ExtensionMetadata:
    """Let templates draw icons."""
    app.connect("html-page-context", _give_to_template)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
