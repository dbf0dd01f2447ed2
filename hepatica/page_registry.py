"""What is remembered of each page in the (pickled) environment.

Kept right when pages are read again, removed, or read in parallel.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, TypeVar

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

Noted = TypeVar("Noted")


class PageRegistry(Generic[Noted]):
    """One kind of note, by page. ``name`` is the attribute of the environment that holds it."""

    def __init__(self, name: str) -> None:
        self.name = name

    def of(self, env: BuildEnvironment) -> dict[str, Noted]:
        """Return the notes of all pages that were read, by docname."""
        if not hasattr(env, self.name):
            setattr(env, self.name, {})
        found: dict[str, Noted] = getattr(env, self.name)
        return found

    def connect(self, app: Sphinx) -> None:
        """Forget a page before it is read again, and take over what other processes read."""
        app.connect("env-purge-doc", self._forget)
        app.connect("env-merge-info", self._merge)

    def _forget(self, app: Sphinx, env: BuildEnvironment, docname: str) -> None:
        self.of(env).pop(docname, None)

    def _merge(self, app: Sphinx, env: BuildEnvironment, docnames: Iterable[str], other: BuildEnvironment) -> None:
        self.of(env).update({name: noted for name, noted in self.of(other).items() if name in docnames})
