"""Packs files so that the same content gives the same bytes."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo


def write_zip(target: Path, files: Iterable[tuple[str, bytes]], epoch: float, stored: Collection[str] = ()) -> None:
    """Write ``files`` (name, content) in their order, all with one time.

    Args:
        target: the archive to write.
        files: names and contents.
        epoch: the time of every file, in seconds since 1970; a zip knows none before 1980.
        stored: names that are not compressed.
    """
    stamp = max(time.gmtime(epoch)[:6], (1980, 1, 1, 0, 0, 0))
    with ZipFile(target, "w") as archive:
        for name, content in files:
            info = ZipInfo(name, stamp)
            info.compress_type = ZIP_STORED if name in stored else ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, content, compresslevel=9)
