"""Keeps the search index whole when only some pages are written again.

Sphinx keeps the index's entries in its environment, but stores that before the pages are written and the entries made: the
next build writes an index without them. We found no upstream issue.
"""

from __future__ import annotations

import pickle
from pathlib import Path

from sphinx.application import ENV_PICKLE_FILENAME, Sphinx
from sphinx.util.typing import ExtensionMetadata


def _store(app: Sphinx, exception: Exception | None) -> None:
    if exception is None and app.builder.name == "html":
        with (Path(app.doctreedir) / ENV_PICKLE_FILENAME).open("wb") as file:
            pickle.dump(app.env, file, pickle.HIGHEST_PROTOCOL)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Store the environment once more when the site is written."""
    app.connect("build-finished", _store)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
