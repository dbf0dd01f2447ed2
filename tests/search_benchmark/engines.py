"""The engines that are compared, and what each needs before a browser can try it: all below ``build/bench``."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path, PurePosixPath

import requests
from playwright.sync_api import Page

from hepatica import FEATURES
from tests.search_benchmark.questions import BenchmarkError

REPO = Path(__file__).resolve().parents[2]
SITE = REPO / "build" / "html"
BENCH = REPO / "build" / "bench"
LIBRARY = REPO / "hepatica" / "vendor" / "search-library.js"

ORAMA = "3.1.18"
ORAMA_ADDRESS = f"https://registry.npmjs.org/@orama/orama/-/orama-{ORAMA}.tgz"
ORAMA_SHA512 = "a61ljmRVVyG5MC/698C8/FfFDw5a8LOIvyOLW5fztgUXqUpc1jOfQzOitSCbge657OgXXThmY3Tk8fpiDb4UcA=="
ORAMA_MODULES = PurePosixPath("package/dist/browser")


@dataclass(frozen=True)
class Engine:
    """One search engine; ``key`` is the name of its adapter."""

    key: str
    name: str
    version: str
    from_file: str
    """Whether it works on pages opened from ``file://``, in a few words."""

    prepare: Callable[[], None]
    own_page: bool = False
    """Whether the results are read from the site's search page, as a reader sees them."""


def build_for_sphinx() -> None:
    """Build the site a second time, with Sphinx's own search in the place of ours."""
    extensions = ["myst_parser", "sphinx_design", "sphinxcontrib.bibtex", *(one for one in FEATURES if one != "hepatica.search")]
    folder = BENCH / "sphinx"
    shutil.rmtree(folder, ignore_errors=True)
    command = [sys.executable, "-m", "sphinx", "-b", "html", "-c", ".", "-d", str(BENCH / "sphinx-doctrees"), "-E", "-q"]
    command += ["-j", "auto", "-D", f"extensions={','.join(extensions)}", "docs", str(folder)]
    done = subprocess.run(command, cwd=REPO, capture_output=True, text=True, check=False)
    if done.returncode or not (folder / "searchindex.js").is_file():
        said = (done.stderr.strip() or done.stdout.strip() or "no message").splitlines()[-1]
        raise BenchmarkError(f"the site with Sphinx's search was not built ({said}): run nox -s docs and mend what it says")


def run_pagefind() -> None:
    """Let Pagefind index the built pages, but not the search page."""
    shutil.rmtree(BENCH / "pagefind", ignore_errors=True)
    command = [sys.executable, "-m", "pagefind", "--site", str(SITE), "--output-path", str(BENCH / "pagefind")]
    done = subprocess.run([*command, "--glob", "{index,*/**/*}.html"], cwd=REPO, capture_output=True, text=True, check=False)
    if done.returncode or not (BENCH / "pagefind" / "pagefind.js").is_file():
        said = (done.stderr.strip() or done.stdout.strip() or "no message").splitlines()[-1]
        raise BenchmarkError(f"Pagefind did not run ({said}): run nox -s bench-search, which installs requirements-bench.lock")


def fetch_orama() -> None:
    """Download Orama from npm once, check it, and take out the modules for browsers."""
    archive = BENCH / f"orama-{ORAMA}.tgz"
    content = archive.read_bytes() if archive.is_file() else b""
    if not _is_orama(content):
        try:
            answer = requests.get(ORAMA_ADDRESS, timeout=60)
            answer.raise_for_status()
        except requests.RequestException as error:
            cure = f"check the network, or put the file there yourself: {archive}"
            raise BenchmarkError(f"{ORAMA_ADDRESS} was not downloaded ({type(error).__name__}): {cure}") from error
        content = answer.content
        if not _is_orama(content):
            raise BenchmarkError(
                f"{ORAMA_ADDRESS} is not the file that ORAMA_SHA512 in {__name__} names: look what came, or correct it"
            )
        archive.write_bytes(content)
    folder = BENCH / "orama"
    shutil.rmtree(folder, ignore_errors=True)
    with tarfile.open(fileobj=io.BytesIO(content)) as package:
        for member in package.getmembers():
            path = PurePosixPath(member.name)
            data = package.extractfile(member) if path.is_relative_to(ORAMA_MODULES) and path.suffix == ".js" else None
            if data is not None and ".." not in path.parts:
                target = folder / path.relative_to(ORAMA_MODULES)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(data.read())


def _is_orama(content: bytes) -> bool:
    return base64.b64encode(hashlib.sha512(content).digest()).decode() == ORAMA_SHA512


SECTIONS = """async () => {
  const texts = new Map();
  globalThis.hepaticaSearchText = (name, sections) => texts.set(name, sections);
  await globalThis.bench.script("/html/search/index.js");
  const { pages, sections } = globalThis.hepaticaSearchData;
  await Promise.all(pages.map(({ name }) => globalThis.bench.script(`/html/search/text/${name.replaceAll("/", ".")}.js`)));
  return sections.map(([page, anchor, heading], id) => {
    const { name, title, first } = pages[page];
    const address = `/${name}.html${anchor ? `#${anchor}` : ""}`;
    return { id, address, title, heading: anchor ? heading : "", text: texts.get(name)[id - first] };
  });
}"""


def write_sections(page: Page) -> None:
    """Write the sections of all pages, as our own search knows them, for the engines that index them in the browser."""
    sections = page.evaluate(SECTIONS)
    text = f"globalThis.benchSections = {json.dumps(sections, ensure_ascii=False, separators=(',', ':'))};\n"
    (BENCH / "sections.js").write_text(text, "utf-8")
    shutil.copyfile(LIBRARY, BENCH / "search-library.js")


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError as error:
        raise BenchmarkError(
            f"{package} is not installed: run nox -s bench-search, which installs requirements-bench.lock"
        ) from error


def engines() -> list[Engine]:
    """Return all engines, ours last."""
    library = re.search(r"minisearch ([\d.]+)", LIBRARY.read_text("utf-8"))
    return [
        Engine("sphinx", "Sphinx", _version("sphinx"), "yes, without snippets", build_for_sphinx),
        Engine("pagefind", "Pagefind", _version("pagefind"), "no", run_pagefind),
        Engine("minisearch", "MiniSearch", library[1] if library else "?", "yes", lambda: None),
        Engine("orama", "Orama", ORAMA, "only bundled as a classic script", fetch_orama),
        Engine("hepatica", "Hepatica", "this commit", "yes", lambda: None, own_page=True),
    ]
