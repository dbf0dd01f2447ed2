"""One verb for each habit: ``nox -l`` lists them, ``nox -s docs`` builds.

Environments are made by uv where it is there, else by virtualenv. Everything installed comes from a lock file with hashes.
"""

from __future__ import annotations

from pathlib import Path

import nox

nox.needs_version = ">=2026.10"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.reuse_existing_virtualenvs = True
nox.options.sessions = []  # nothing runs by accident

LOCKS = ("requirements", "requirements-tests", "requirements-bench", "requirements-nox")


def install(session: nox.Session, lock: str) -> None:
    """Install a lock file, once for each of its versions."""
    # The README starts nox from a folder on PYTHONPATH; what stands there must not shadow the session's own packages.
    session.env["PYTHONPATH"] = "."
    wanted = Path(f"{lock}.lock").read_text("utf-8")
    stamp = Path(session.virtualenv.location) / "installed.lock"
    if not stamp.exists() or stamp.read_text("utf-8") != wanted:
        session.install("--require-hashes", "-r", f"{lock}.lock")
        stamp.write_text(wanted, "utf-8")


@nox.session
def docs(session: nox.Session) -> None:
    """Build the site and the book: build/html/index.html and build/epub/hepatica.epub."""
    install(session, "requirements")
    session.run("python", "-m", "hepatica.build", *session.posargs)


@nox.session
def live(session: nox.Session) -> None:
    """Show the site on this machine, and rebuild and reload it whenever a file is saved."""
    install(session, "requirements-tests")
    watched = [option for folder in ("evidence", "hepatica") for option in ("--watch", folder)]
    session.run(
        *("sphinx-autobuild", "-b", "html", "-c", ".", "-d", "build/live/doctrees", "-n", "-q", "--open-browser"),
        *(*watched, "--re-ignore", "__pycache__", "docs", "build/live/html", *session.posargs),
    )


@nox.session
def tests(session: nox.Session) -> None:
    """Run all tests. Options go to pytest: nox -s tests -- -k book."""
    install(session, "requirements-tests")
    session.run("python", "-m", "tests.browser_setup")
    session.run("python", "-m", "hepatica.build")
    session.run("pytest", *session.posargs)


@nox.session(name="bench-search")
def bench_search(session: nox.Session) -> None:
    """Compare search engines on the built pages; writes the tables into maintainers/search.md."""
    install(session, "requirements-bench")
    session.run("python", "-m", "tests.browser_setup")
    session.run("python", "-m", "hepatica.build")
    session.run("python", "-m", "tests.search_benchmark")


@nox.session
def lint(session: nox.Session) -> None:
    """Check pages, records and code, without building."""
    install(session, "requirements-tests")
    session.run("python", "-m", "hepatica.lint", "docs", "evidence")
    session.run("codespell", "docs", "evidence", "hepatica", "tests", "conf.py", "noxfile.py", "README.md", "CONTRIBUTING.md")
    session.run("yamllint", "--strict", ".")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("mypy")


@nox.session
def evidence(session: nox.Session) -> None:
    """Print what in the evidence wants a look. With -- --online it asks Crossref and PubMed too; -- --all prints everything."""
    install(session, "requirements")
    session.run("python", "-m", "hepatica.evidence_report", *session.posargs)


@nox.session
def lock(session: nox.Session) -> None:
    """Write the lock files anew from requirements*.txt."""
    install(session, "requirements-tests")
    for name in LOCKS:
        session.run(
            *("uv", "pip", "compile", f"{name}.txt", "--output-file", f"{name}.lock", "--generate-hashes", "--universal"),
            *("--python-version", "3.11", "--no-emit-index-url", "--custom-compile-command", "nox -s lock", *session.posargs),
        )
