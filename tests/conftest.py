"""What the tests stand on: the site and the book as built, a browser, and tiny sites to build and break."""

from __future__ import annotations

import contextlib
import functools
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from hepatica.build import Places
from hepatica.loading import EvidenceError, load_evidence
from tests.browser_setup import cure, find_chromium, started
from tests.samples import EVIDENCE, PAGES, graded_files, page

REPO = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def html() -> Path:
    """The built site."""
    folder = REPO / "build" / "html"
    if not (folder / "index.html").is_file():
        pytest.fail(f"no site in {folder}: run nox -s docs first")
    return folder


@pytest.fixture(scope="session")
def epub() -> Path:
    """The built book."""
    book = REPO / "build" / "epub" / "hepatica.epub"
    if not book.is_file():
        pytest.fail(f"no book at {book}: run nox -s docs first")
    return book


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium that stays off the network."""
    path = find_chromium()
    if path is None:
        pytest.fail(f"no browser: run {cure()}")
    with started(path) as running:
        yield running


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, *_arguments: object) -> None:
        """Print no line for each request."""


@contextlib.contextmanager
def serving(handler: Callable[..., BaseHTTPRequestHandler]) -> Iterator[str]:
    """Serve with a handler on this machine; give the address, without a slash at the end."""
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def server(html: Path) -> Iterator[str]:
    """The address of a server of the built site, without a slash at the end."""
    with serving(functools.partial(QuietHandler, directory=str(html))) as address:
        yield address


def write_files(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """Write files below ``folder``."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of evidence without a fault."""
    write_files(tmp_path, EVIDENCE)
    return tmp_path


def faults_of(folder: Path) -> list[str]:
    """Load the folder and return its faults, with paths from it."""
    with pytest.raises(EvidenceError) as caught:
        load_evidence(folder)
    return [line.replace(f"{folder}/", "") for line in str(caught.value).splitlines()]


@dataclass(frozen=True)
class Run:
    """What a contributor sees of one build: the exit code and the printed lines, with paths from the site's folder."""

    code: int
    text: str

    @property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    def line_at(self, place: str) -> str:
        """Return the one line that names ``place`` (``file:line``)."""
        found = [line for line in self.lines if line.startswith(f"{place}: ")]
        assert len(found) == 1, f"{len(found)} lines begin with '{place}: ', expected one:\n{self.text}"
        return found[0]


CURE = r"\b(did you mean|correct|add|write|remove|use|put)\b"
"""A word of what to do, which hepatica/cures.py adds to the lines of Sphinx and MyST."""


def assert_stopped(run: Run, place: str, *words: str) -> None:
    """Check that the build ended with 1 and one line at ``place`` that has all of ``words``, and no traceback."""
    assert run.code == 1, run.text
    assert "Traceback" not in run.text
    line = run.line_at(place)
    for word in words:
        assert re.search(word, line) if word == CURE else word in line, f"'{word}' is not in: {line}"
    assert "The last good output is where it was" in run.text
    others = [other for other in run.lines if re.match(r"\S+:\d+: |WARNING|ERROR", other) and other != line]
    assert others == [], "one mistake is one line"


@dataclass(frozen=True)
class TinySite:
    """A small project with the real settings and extensions and a few pages and records of its own."""

    root: Path

    @property
    def html(self) -> Path:
        return Places(self.root).html

    @property
    def epub(self) -> Path:
        return Places(self.root).epub

    def write(self, files: Mapping[str, str | bytes]) -> None:
        """Write pages (``docs/…``) and records (``evidence/…``)."""
        write_files(self.root, files)

    def write_page(self, body: str, title: str = "A page", head: str = "") -> None:
        """Write ``docs/page.md``; ``body`` begins on line 8."""
        self.write({"docs/page.md": page(body, title, head)})

    def build(self, *options: str) -> Run:
        """Build as ``nox -s docs`` does."""
        # The records of git and of the outer build do not count here.
        outer = ("SOURCE_DATE_EPOCH", "PYTHONPATH", "FORCE_COLOR")
        env = {name: value for name, value in os.environ.items() if name not in outer} | {"NO_COLOR": "1"}
        command = [sys.executable, "-m", "hepatica.build", *options]
        done = subprocess.run(command, cwd=self.root, env=env, capture_output=True, text=True, check=False, timeout=300)
        text = (done.stdout + "\n" + done.stderr).replace(f"{self.root}{os.sep}", "")
        return Run(done.returncode, text)

    def build_whole(self, *options: str) -> Run:
        """Build, and fail the test if that fails."""
        run = self.build(*options)
        assert run.code == 0, f"the tiny site did not build:\n{run.text}"
        return run

    def page_text(self, name: str = "page.html") -> str:
        """Return the HTML of a page."""
        return (self.html / name).read_text("utf-8")


def new_site(folder: Path, files: Mapping[str, str | bytes] | None = None) -> TinySite:
    """Make a tiny site in a folder that is not there yet."""
    # The settings are the real file. It puts its own folder first on the path, so the extensions stand beside it too.
    folder.mkdir(parents=True)
    for part in ("conf.py", "CHANGELOG.md"):
        shutil.copy2(REPO / part, folder)
    shutil.copytree(REPO / "hepatica", folder / "hepatica")
    site = TinySite(folder)
    site.write({f"docs/{name}": text for name, text in PAGES.items()})
    site.write({f"evidence/{name}": text for name, text in EVIDENCE.items()})
    site.write(files or {})
    return site


@pytest.fixture
def graded_site(tmp_path: Path) -> Callable[..., TinySite]:
    """Make tiny sites with graded evidence: ``graded_site({"docs/page.md": …})`` gives one with these files over the others."""

    def make(files: Mapping[str, str | bytes] | None = None, name: str = "graded") -> TinySite:
        return new_site(tmp_path.resolve() / name, graded_files() | dict(files or {}))

    return make


@pytest.fixture
def tiny_site(tmp_path: Path) -> Callable[..., TinySite]:
    """Make tiny sites: ``tiny_site({"docs/page.md": …})`` gives one with these files over the common ones."""

    def make(files: Mapping[str, str | bytes] | None = None, name: str = "site") -> TinySite:
        return new_site(tmp_path.resolve() / name, files)

    return make
