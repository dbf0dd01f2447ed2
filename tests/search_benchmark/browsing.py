"""Tries one engine after the other in Chromium: its results, its times, and the bytes that it loads."""

from __future__ import annotations

import contextlib
import functools
import gzip
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from playwright.sync_api import Browser, Page

from tests.browser_setup import cure, find_chromium, started
from tests.conftest import QuietHandler, serving
from tests.search_benchmark.engines import BENCH, Engine
from tests.search_benchmark.measures import pages_in_order
from tests.search_benchmark.questions import BenchmarkError

ADAPTERS = Path(__file__).with_name("adapters")
BLANK = "<!doctype html><html lang='en'><meta charset='utf-8'><title>Benchmark</title><body></body></html>\n"

SHOWN = """async () => {
  const more = document.querySelector("#search-results button");
  while (more && !more.hidden) more.click();
  return [...document.querySelectorAll("#search-results a")].map(({ href }) => href);
}"""
"""Reads the results of the site's search page, all of them."""


@dataclass(frozen=True)
class Cost:
    """What a search costs the reader's device: kilobytes (of 1000 bytes, compressed) and milliseconds."""

    kilobytes_first: float
    kilobytes_ten: float
    ms_first: float
    ms_median: float
    ms_worst: float


@contextlib.contextmanager
def started_browser() -> Iterator[Browser]:
    """Start the Chromium of the tests."""
    path = find_chromium()
    if path is None:
        raise BenchmarkError(f"no browser: run {cure()}")
    with started(path) as running:
        yield running


@dataclass(frozen=True)
class Server:
    """A running server: its address, without a slash at the end, and the paths that it was asked for, in order."""

    address: str
    asked: list[str]


@contextlib.contextmanager
def served() -> Iterator[Server]:
    """Serve the folder ``build``: the site below ``/html/``, the engines below ``/bench/``."""
    asked: list[str] = []

    class Handler(QuietHandler):
        def do_GET(self) -> None:  # noqa: N802 (the library's name)
            # Counted here, since a page does not know what its workers load.
            asked.append(self.path)
            with contextlib.suppress(ConnectionError):  # a page that is left asks for nothing more
                super().do_GET()

    (BENCH / "blank.html").write_text(BLANK, "utf-8")
    with serving(functools.partial(Handler, directory=str(BENCH.parent))) as address:
        yield Server(address, asked)


@contextlib.contextmanager
def blank_page(browser: Browser, server: Server, adapter: str | None = None) -> Iterator[Page]:
    """Open an empty page, with nothing kept from earlier ones, and with an engine's adapter."""
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{server.address}/bench/blank.html")
        for name in ("common", *([adapter] if adapter else [])):
            page.add_script_tag(content=(ADAPTERS / f"{name}.js").read_text("utf-8"))
        yield page


@functools.cache
def sent_bytes(path: Path) -> int:
    """Return the bytes of a file as a server sends it: compressed with gzip where that makes it smaller."""
    content = path.read_bytes()
    return min(len(content), len(gzip.compress(content, 6)))


def _kilobytes(asked: Sequence[str]) -> float:
    files = {BENCH.parent / unquote(urlsplit(path).path).lstrip("/") for path in asked}
    return sum(sent_bytes(path) for path in files if path.is_file() and path.name != "blank.html") / 1000


@dataclass(frozen=True)
class _First:
    """What a first search costs."""

    ms: float
    kilobytes_first: float
    kilobytes_ten: float


def _first_search(browser: Browser, server: Server, engine: Engine, text: str) -> _First:
    with blank_page(browser, server, engine.key) as page:
        server.asked.clear()
        ms: float = page.evaluate("(query) => globalThis.bench.first(query)", text)
        first = _kilobytes(server.asked)
        page.evaluate("(query) => globalThis.bench.ten(query)", text)
        return _First(ms, first, _kilobytes(server.asked))


def measure(
    browser: Browser, server: Server, engine: Engine, texts: Sequence[str], first: Sequence[str]
) -> tuple[list[list[str]], Cost]:
    """Ask an engine all ``texts``; give the pages of each, best first, and what a search costs.

    Each of ``first`` is asked on a new page as the first search ever; of these measures the median is taken.
    """
    starts = [_first_search(browser, server, engine, text) for text in first]
    with blank_page(browser, server, engine.key) as page:
        page.evaluate("() => globalThis.bench.load()")
        found: list[dict[str, Any]] = page.evaluate("(queries) => globalThis.bench.all(queries)", list(texts))
    times = [one["ms"] for one in found]
    cost = Cost(
        median(one.kilobytes_first for one in starts),
        median(one.kilobytes_ten for one in starts),
        median(one.ms for one in starts),
        median(times),
        max(times),
    )
    if engine.own_page:
        return shown_pages(browser, server, texts), cost
    return [pages_in_order(one["addresses"]) for one in found], cost


def shown_pages(browser: Browser, server: Server, texts: Sequence[str]) -> list[list[str]]:
    """Return what the site's search page shows for each text: its pages, best first."""
    found = []
    with browser.new_context() as context:
        page = context.new_page()
        for text in texts:
            page.goto(f"{server.address}/html/search.html?q={quote(text, safe='')}")
            page.wait_for_selector("#search-status strong")
            found.append(pages_in_order(page.evaluate(SHOWN), "/html/"))
    return found
