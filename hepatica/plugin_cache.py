"""Looks pybtex's plugins up once each.

pybtex reads the entry points of every installed package for each plugin it is asked for, and sphinxcontrib-bibtex asks for
one at every citation: half of the time of a build here. We found no upstream issue.
"""

from __future__ import annotations

import functools

import pybtex.plugin
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata


def setup(app: Sphinx) -> ExtensionMetadata:
    """Put a cache before the look-up; a second build in one process finds it there."""
    if not hasattr(pybtex.plugin.find_plugin, "cache_info"):
        pybtex.plugin.find_plugin = functools.cache(pybtex.plugin.find_plugin)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
