"""The cache before pybtex's plugins is there, gives what pybtex gives, and is still needed."""

from __future__ import annotations

import importlib.metadata
from typing import Any
from unittest.mock import patch

import pybtex.plugin
import pytest

from hepatica import plugin_cache


@pytest.fixture
def plain_look_up(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The look-up as pybtex has it, whatever an earlier build in this process put before it."""
    plain = getattr(pybtex.plugin.find_plugin, "__wrapped__", pybtex.plugin.find_plugin)
    monkeypatch.setattr(pybtex.plugin, "find_plugin", plain)
    return plain


def scans(look_up: Any) -> int:
    """Return how often two equal look-ups read the entry points of the installed packages."""
    with patch.object(pybtex.plugin, "entry_points", wraps=importlib.metadata.entry_points) as scan:
        for _time in range(2):
            look_up("pybtex.backends", "plaintext")
        return scan.call_count


def test_pybtex_itself_reads_them_each_time(plain_look_up: Any) -> None:
    assert scans(plain_look_up) == 2, "pybtex has a cache of its own now: delete hepatica/plugin_cache.py"


def test_we_read_them_once(plain_look_up: Any) -> None:
    plugin_cache.setup(None)  # type: ignore[arg-type]  # it asks nothing of the application
    assert scans(pybtex.plugin.find_plugin) <= 1
    assert pybtex.plugin.find_plugin("pybtex.backends", "plaintext") is plain_look_up("pybtex.backends", "plaintext")
