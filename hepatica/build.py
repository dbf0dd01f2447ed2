"""Builds the site and the book, both from one reading of the sources: ``python -m hepatica.build``.

Works in ``build/work`` and moves the outputs to ``build/html`` and ``build/epub/hepatica.epub`` only when both are whole, so
that a mistake leaves the last good output where it was. Ends with a summary of what was built.
"""

from __future__ import annotations

import argparse
import datetime
import os
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

from sphinx.cmd.build import main as sphinx_build

from hepatica.loading import EvidenceError, load_evidence
from hepatica.located_yaml import read_text
from hepatica.pages import FRONT_MATTER
from hepatica.records import Evidence


@dataclass(frozen=True)
class Places:
    """The folders of one build, from the folder that holds ``conf.py``."""

    root: Path

    @property
    def work(self) -> Path:
        """Where Sphinx works: doctrees and unfinished outputs."""
        return self.root / "build" / "work"

    @property
    def html(self) -> Path:
        """The finished site."""
        return self.root / "build" / "html"

    @property
    def epub(self) -> Path:
        """The finished book."""
        return self.root / "build" / "epub" / "hepatica.epub"


def build(root: Path, sphinx_options: list[str] | None = None) -> int:
    """Build both outputs from ``root``, the folder that holds ``conf.py``.

    Returns:
        0 if both are whole, else the exit code of what failed.
    """
    places = Places(root)
    # Sphinx stops at a page in another encoding with a traceback; look before it does.
    problems = [problem for page in sorted((root / "docs").rglob("*.md")) for problem in read_text(page)[1]]
    evidence = Evidence(root / "evidence")
    try:
        evidence = load_evidence(evidence.folder)
    except EvidenceError as error:
        problems += error.problems
    if problems:
        print(*problems, sep="\n", file=sys.stderr)
        print(
            f"\n{len(problems)} fault{'s' if len(problems) != 1 else ''}: nothing was built. The last good output is where it was.",
            file=sys.stderr,
        )
        return 1
    os.environ.setdefault("SOURCE_DATE_EPOCH", commit_time(root))
    for builder in ("html", "epub"):
        print(f"Building the {'site' if builder == 'html' else 'book'} …", flush=True)
        code = run_sphinx(places, builder, sphinx_options or [])
        if code:
            # A page that was read with a warning would be taken as good the next time: read all again.
            shutil.rmtree(places.work, ignore_errors=True)
            print("\nNot built: mend the lines above. The last good output is where it was.", file=sys.stderr)
            return code
    publish(places)
    print(summary(places, evidence))
    return 0


def run_sphinx(places: Places, builder: str, options: list[str]) -> int:
    """Run one builder: nitpicky, every warning an error, all of them reported."""
    arguments = ["-b", builder, "-c", str(places.root), "-d", str(places.work / "doctrees"), "-n", "-W", "-q", "-j", "auto"]
    if builder == "epub":
        arguments.append("-a")  # what changed in the evidence was noticed, and taken as done, when the site was built
    return sphinx_build([*arguments, *options, str(places.root / "docs"), str(places.work / builder)])


def commit_time(root: Path) -> str:
    """Return the time of the last commit, in seconds: the same commit then gives the same bytes.

    In a copy without git it is the newest date in CHANGELOG.md.
    """
    command = ["git", "-C", str(root), "log", "-1", "--format=%ct"]
    try:
        found = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        found = ""
    if not found:
        date = re.search(r"\d{4}-\d{2}-\d{2}", (root / "CHANGELOG.md").read_text("utf-8"))
        day = datetime.datetime.fromisoformat(date.group() if date else "2026-01-01").replace(tzinfo=datetime.UTC)
        found = str(int(day.timestamp()))
    return found


def publish(places: Places) -> None:
    """Put the new outputs in the place of the old ones, each in one step."""
    fresh, old = places.html.with_name("html.new"), places.html.with_name("html.old")
    for folder in (fresh, old):
        shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(places.work / "html", fresh, ignore=shutil.ignore_patterns(".buildinfo*", ".doctrees"))
    if places.html.exists():
        places.html.rename(old)
    fresh.rename(places.html)
    shutil.rmtree(old, ignore_errors=True)
    places.epub.parent.mkdir(parents=True, exist_ok=True)
    new_book = places.epub.with_suffix(".new")
    shutil.copyfile(places.work / "epub" / places.epub.name, new_book)
    new_book.replace(places.epub)


def summary(places: Places, evidence: Evidence) -> str:
    """Say what was built, in numbers, and where it is."""
    pages = sorted((places.root / "docs").rglob("*.md"))
    words = sum(len(re.findall(r"\w[\w’'-]*", FRONT_MATTER.sub("", page.read_text("utf-8"), count=1))) for page in pages)
    files = [path for path in places.html.rglob("*") if path.is_file()]
    with zipfile.ZipFile(places.epub) as book:
        chapters = sum(name.endswith(".xhtml") for name in book.namelist())
    rows = [
        ("Pages", f"{len(pages)} ({words:,} words)"),
        ("Evidence", f"{len(evidence.facts)} facts, {len(evidence.claims)} claims, {len(evidence.studies)} studies,"),
        ("", f"{len(evidence.trials)} registered trials, {len(evidence.comparisons)} comparisons, {len(evidence.terms)} terms,"),
        ("", f"{len(evidence.scores)} scores, {len(evidence.series)} series,"),
        ("", f"{len(evidence.sources)} sources"),
        ("Site", f"{_size(sum(path.stat().st_size for path in files))} in {len(files)} files  {places.html / 'index.html'}"),
        ("Book", f"{_size(places.epub.stat().st_size)}, {chapters} chapters  {places.epub}"),
    ]
    return "\n" + "\n".join(f"{name:<10}{text}" for name, text in rows)


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{count / 1e3:.0f} kB"


def main(arguments: list[str] | None = None) -> int:
    """Run from the folder that holds ``conf.py``. Options that are not ours go to Sphinx."""
    parser = argparse.ArgumentParser(prog="python -m hepatica.build", description=main.__doc__)
    parser.add_argument("--root", type=Path, default=Path(), help="the folder that holds conf.py (default: this one)")
    ours, rest = parser.parse_known_args(arguments)
    return build(ours.root, rest)


if __name__ == "__main__":
    sys.exit(main())
