"""The evidence for Sphinx: loaded and checked once a build, before any page is read."""

from __future__ import annotations

from pathlib import Path

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import SphinxError
from sphinx.util.typing import ExtensionMetadata

from hepatica.loading import EvidenceError, load_evidence
from hepatica.records import Evidence


class FaultyEvidenceError(SphinxError):
    """The evidence has faults; the message is their list."""

    category = "The evidence has faults"


_loaded: dict[Path, Evidence] = {}


def evidence_of(env: BuildEnvironment) -> Evidence:
    """Return the evidence of this build."""
    # Not an attribute of the environment: that is pickled with every build, and this is read anew in a third of a second.
    return _loaded[Path(env.srcdir)]


def note_files(env: BuildEnvironment, *kinds: str) -> None:
    """Tell Sphinx that the page that is being read shows all records of these kinds ("studies", "claims", ...)."""
    files = {path for (kind, _), (path, _) in evidence_of(env).places.items() if kind in kinds}
    for path in sorted(files):
        env.note_dependency(path)


def _load(app: Sphinx) -> None:
    try:
        _loaded[Path(app.srcdir)] = load_evidence(Path(app.confdir) / "evidence")
    except EvidenceError as error:
        raise FaultyEvidenceError("\n" + str(error)) from None


def setup(app: Sphinx) -> ExtensionMetadata:
    """Load the folder ``evidence``, which stands beside ``conf.py``, when the builder starts, before bibtex needs it."""
    app.connect("builder-inited", _load, priority=400)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
