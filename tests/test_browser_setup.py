"""The search for a browser: what is there comes first, and the last word is the command that cures it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests import browser_setup


def make_command(folder: Path, name: str, script: str) -> Path:
    """Write a small command that runs ``script``."""
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    path.chmod(0o755)
    return path


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with nothing but one folder on its PATH, which is returned."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(browser_setup, "_playwrights_own", lambda: None)
    return tmp_path


def test_the_variable_comes_before_the_path(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    on_path = make_command(bare, "google-chrome", "echo Google Chrome 1")
    assert browser_setup.find_chromium() == str(on_path)
    first = make_command(bare, "chromium", "echo Chromium 1")
    assert browser_setup.find_chromium() == str(first)
    mine = make_command(bare, "mine", "echo Chromium 2")
    monkeypatch.setenv("CHROMIUM", str(mine))
    assert browser_setup.find_chromium() == str(mine)


def test_a_browser_that_does_not_start_is_none(bare: Path) -> None:
    make_command(bare, "chromium", "echo install the snap >&2; exit 1")
    assert browser_setup.find_chromium() is None
    works = make_command(bare, "google-chrome-stable", "echo Google Chrome 1")
    assert browser_setup.find_chromium() == str(works)


def test_playwrights_browser_is_the_first_way_and_debians_the_second(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser_setup, "is_root", lambda: True)
    playwrights = [sys.executable, "-m", "playwright", "install", "chromium"]
    assert [commands for commands, _limit in browser_setup.ways_to_install()] == [[playwrights]]
    make_command(bare, "apt-get", "exit 0")
    _first, (second, _limit) = browser_setup.ways_to_install()
    assert [command[:2] for command in second] == [["apt-get", "update"], ["apt-get", "install"]]
    monkeypatch.setattr(browser_setup, "is_root", lambda: False)
    assert len(browser_setup.ways_to_install()) == 1, "without sudo there is no second way"
    make_command(bare, "sudo", "exit 0")
    _first, (second, _limit) = browser_setup.ways_to_install()
    assert [command[:3] for command in second] == [["sudo", "-n", "apt-get"]] * 2


def test_the_second_way_is_taken_when_the_first_fails(
    bare: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fails = [str(make_command(bare, "fails", "echo Error: no network >&2; echo } >&2; exit 1"))]
    works = [
        str(
            make_command(bare, "works", f"printf '#!/bin/sh\\necho Chromium 1\\n' > {bare}/chromium; /bin/chmod +x {bare}/chromium")
        )
    ]
    monkeypatch.setattr(browser_setup, "ways_to_install", lambda: [([fails], 9), ([fails, works], 9)])
    assert browser_setup.main() == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1] == "Browser: that failed (Error: no network)."
    assert lines[-1] == f"Browser: {bare}/chromium"
    assert len(lines) == 6


def test_when_nothing_works_one_line_names_the_cure(
    bare: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    slow = [str(make_command(bare, "slow", "exec /bin/sleep 20"))]
    monkeypatch.setattr(browser_setup, "ways_to_install", lambda: [([slow], 1)])
    assert browser_setup.main() == 1
    said = capsys.readouterr()
    assert said.err.splitlines() == [f"No browser for the tests. Run: {browser_setup.cure()} (or set CHROMIUM to the path of one)"]
    assert "playwright install --with-deps chromium" in browser_setup.cure()
    assert "more than 1 seconds" in said.out
    make_command(bare, "apt-get", "exit 0")
    assert "apt-get install -y chromium" in browser_setup.cure()


def test_nothing_is_installed_when_a_browser_is_there(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_command(bare, "chromium", "echo Chromium 1")
    tried: list[list[str]] = []
    monkeypatch.setattr(browser_setup, "_run", lambda command, _limit: tried.append(command))
    assert browser_setup.main() == 0
    assert tried == []
