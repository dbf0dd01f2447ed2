"""Says what to do in the warnings of Sphinx and MyST, which only say what is wrong."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable

from docutils.parsers.rst import directives, roles
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from hepatica.record_types import nearest

NAME = re.compile(r"['\"]([^'\"]+)['\"]")
"""The name in a message: the last thing in quotes."""


class AddCure(logging.Filter):
    """Adds to a warning, by its type, the cure."""

    def __init__(self, app: Sphinx) -> None:
        super().__init__()
        # Docutils keeps the names of directives and roles, but has no public list of them.
        directive_names, role_names = getattr(directives, "_directives", {}), getattr(roles, "_roles", {})
        no_names: Callable[[], Iterable[str]] = list
        self.cures: dict[str, tuple[str, Callable[[], Iterable[str]]]] = {
            "myst.directive_unknown": ("correct its name", lambda: directive_names),
            "myst.role_unknown": ("correct its name", lambda: role_names),
            "myst.xref_missing": ("correct the path or the anchor", lambda: [f"{name}.md" for name in app.env.found_docs]),
            "image.not_readable": ("correct the path, or put the picture there", no_names),
            "toc.not_readable": ("correct the path, or add the page", no_names),
            "toc.not_included": ("add it to the contents of its section's index.md", no_names),
        }

    def filter(self, record: logging.LogRecord) -> bool:
        """Change the record's message; let every record pass."""
        kind = f"{getattr(record, 'type', '')}.{getattr(record, 'subtype', '')}"
        if kind in self.cures and not getattr(record, "cured", False):
            cure, names = self.cures[kind]
            message = logging.LogRecord.getMessage(record)
            quoted = NAME.findall(message)
            record.msg = f"{message.rstrip('.')}{nearest(quoted[-1], names()) if quoted else ''}; {cure}"
            record.args = ()
            record.cured = True
        return True


def setup(app: Sphinx) -> ExtensionMetadata:
    """Add the cures to what Sphinx prints."""
    for handler in logging.getLogger("sphinx").handlers:
        handler.filters.insert(0, AddCure(app))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
