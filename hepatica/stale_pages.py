"""Deletes the output of pages that are gone.

Sphinx leaves it in the output folder; from there it would be published, and packed into the book.
"""

from __future__ import annotations

from pathlib import Path

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.typing import ExtensionMetadata

GENERATED = {"search", "nav"}
"""Pages that have no source."""


def _delete(app: Sphinx, env: BuildEnvironment) -> list[str]:
    suffix = getattr(app.builder, "out_suffix", None)
    if suffix:
        outdir = Path(app.outdir)
        for path in sorted(outdir.rglob(f"*{suffix}")):
            name = path.relative_to(outdir).as_posix().removesuffix(suffix)
            if name not in env.found_docs | GENERATED and not name.startswith("_"):
                path.unlink()
    return []


def setup(app: Sphinx) -> ExtensionMetadata:
    """Delete once all sources are known, before pages are written."""
    app.connect("env-updated", _delete)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
