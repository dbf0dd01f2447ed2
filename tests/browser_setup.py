"""Finds a Chromium for the tests, or installs one: ``python -m tests.browser_setup``.

Looks at what is there before it downloads anything. Every step is one line; the last resort is the one command that cures it.
"""

from __future__ import annotations

import contextlib
import functools
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
"""Commands under which a Chromium may stand on the PATH, in this order."""

FLAGS = (
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
)
"""Options that keep the browser off the network and the graphics card."""

DOWNLOAD_SECONDS = 300
PACKAGE_SECONDS = 600


def is_root() -> bool:
    """Tell whether this is root, as whom Chromium starts only without its sandbox."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def find_chromium() -> str | None:
    """Return the path of a Chromium that starts, or None. Installs nothing.

    Looked up in this order: the variable CHROMIUM, the PATH, Playwright's own.
    """
    wanted = [os.environ.get("CHROMIUM"), *map(shutil.which, NAMES), _playwrights_own()]
    return next((path for path in wanted if path and _starts(path)), None)


def _playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).is_file() else None


def _starts(path: str) -> bool:
    """Tell whether it can say its version: a package's stub, or a browser whose libraries are missing, cannot."""
    if sys.platform == "win32":  # Chrome opens a window there instead
        return Path(path).is_file()
    try:
        done = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and "Chrom" in done.stdout


@contextlib.contextmanager
def started(path: str) -> Iterator[Browser]:
    """Start a headless Chromium that stays off the network."""
    from playwright.sync_api import Error, sync_playwright

    with sync_playwright() as playwright:
        launch = functools.partial(playwright.chromium.launch, executable_path=path, args=list(FLAGS), headless=True)
        try:
            # Without its sandbox, that is with --no-sandbox, only as root.
            running = launch(chromium_sandbox=not is_root())
        except Error:
            # Containers often forbid what the sandbox needs; we open nothing but our own pages.
            running = launch(chromium_sandbox=False)
        yield running
        running.close()


def ways_to_install() -> list[tuple[list[list[str]], int]]:
    """Return the ways that may work on this machine: the commands of each, and its limit in seconds."""
    ways = [([[sys.executable, "-m", "playwright", "install", "chromium"]], DOWNLOAD_SECONDS)]
    rights = [] if is_root() else ["sudo", "-n"]
    if shutil.which("apt-get") and (not rights or shutil.which("sudo")):
        packages = ["apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium", "fonts-liberation"]
        ways.append(([[*rights, "apt-get", "update", "-q"], [*rights, *packages]], PACKAGE_SECONDS))
    return ways


def cure() -> str:
    """Return the one command that puts a browser on this machine."""
    if shutil.which("apt-get"):
        return f"{'' if is_root() else 'sudo '}sh -c 'apt-get update && apt-get install -y chromium'"
    return f"{sys.executable} -m playwright install --with-deps chromium"


def _run(command: list[str], limit: int) -> bool:
    print(f"Browser: {' '.join(command)} …", flush=True)
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT": "15000"}
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=limit, check=False, env=env)
    except subprocess.TimeoutExpired:
        print(f"Browser: that took more than {limit} seconds.", flush=True)
        return False
    except OSError as error:
        print(f"Browser: that did not start ({error}).", flush=True)
        return False
    if done.returncode:
        said = [line.strip() for line in (done.stdout + done.stderr).splitlines() if line.strip()] or ["no message"]
        reason = next((line for line in said if line.startswith(("Error", "E:")) or "sudo" in line), said[-1])
        print(f"Browser: that failed ({reason}).", flush=True)
    return done.returncode == 0


def main() -> int:
    """Find or install a browser; return 1 if none can be had."""
    found = find_chromium()
    for commands, limit in [] if found else ways_to_install():
        # An `apt-get update` that fails need not matter: the lists may be fresh enough.
        worked = [_run(command, limit) for command in commands]
        found = find_chromium() if worked[-1] else None
        if found:
            break
    if found:
        print(f"Browser: {found}")
        return 0
    print(f"No browser for the tests. Run: {cure()} (or set CHROMIUM to the path of one)", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
