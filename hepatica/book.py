"""The ePub builder: Sphinx's own, mended where its book is not valid, accessible or the same twice.

Each mend names what it answers. Our own parts say in their modules what they become in the book; sphinx-design's
components are handled in ``book_components``.
"""

from __future__ import annotations

import html
import os
import re
import time
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.builders.epub3 import Epub3Builder
from sphinx.util.fileutil import copy_asset
from sphinx.util.typing import ExtensionMetadata

from hepatica.steady_zip import write_zip

BOOK = Path(__file__).parent / "book"
"""The book's own templates, and its static files: a style sheet and a cover. It takes nothing else of the site."""

ACCESSIBILITY = {
    "accessMode": ("textual", "visual"),
    "accessModeSufficient": ("textual",),
    "accessibilityFeature": ("tableOfContents", "readingOrder", "structuralNavigation", "alternativeText"),
    "accessibilityHazard": ("none",),
    "accessibilitySummary": (
        "All content is text, in headed sections with a table of contents; pictures have a text that says the same."
        " Checked by machine only; conformance is not claimed.",
    ),
}
"""EPUB Accessibility 1.1 metadata: only what is so. https://www.w3.org/TR/epub-a11y-11/"""


CHAPTER = re.compile(r'<item (?=[^>]*media-type="application/xhtml\+xml")[^>]*href="(?P<href>[^"]+)"[^>]*/>')
"""A chapter's entry in the package's manifest."""


class BookBuilder(Epub3Builder):
    """Builds ``hepatica.epub``."""

    def init(self) -> None:
        # The site's templates stand first in Sphinx's search path and would be used here too.
        self.config.templates_path = [str(BOOK / "templates")]
        super().init()
        language = html.escape(self.config.epub_language)
        # Sphinx writes no language on content documents; screen readers then guess the voice.
        self.html_tag = f'{Epub3Builder.html_tag[:-1]} lang="{language}" xml:lang="{language}">'

    def copy_static_files(self) -> None:
        """Copy the book's own files and nothing of the site's."""
        copy_asset(BOOK / "static", self.outdir / "_static", excluded=lambda path: path.endswith(".svg"), force=True)

    def build_content(self) -> None:
        super().build_content()
        path = self.outdir / "content.opf"
        package = path.read_text("utf-8")
        # Sphinx marks the cover in EPUB 2's way only.
        cover = re.escape(self.config.epub_cover[0])
        package = re.sub(rf'(<item [^>]*href="{cover}"[^>]*?) ?/>', r'\1 properties="cover-image" />', package)
        # Sphinx never declares drawings that stand in a chapter; a reading system may then not draw them.
        package = CHAPTER.sub(self._declare_drawings, package)
        metas = "\n".join(
            f'    <meta property="schema:{name}">{html.escape(value)}</meta>'
            for name, values in ACCESSIBILITY.items()
            for value in values
        )
        path.write_text(package.replace("  </metadata>", f"{metas}\n  </metadata>"), "utf-8")

    def _declare_drawings(self, item: re.Match[str]) -> str:
        if "properties=" in item[0] or b"<svg" not in (self.outdir / html.unescape(item["href"])).read_bytes():
            return item[0]
        return f'{item[0].removesuffix("/>").rstrip()} properties="svg" />'

    def build_epub(self) -> None:
        """Pack the book so that the same pages give the same bytes (Sphinx keeps each file's time)."""
        epoch = int(os.environ.get("SOURCE_DATE_EPOCH", "0")) or time.time()
        names = ["mimetype", "META-INF/container.xml", "content.opf", "toc.ncx", *sorted(set(self.files))]
        files = ((name, (self.outdir / name).read_bytes()) for name in names)
        write_zip(self.outdir / f"{self.config.epub_basename}.epub", files, epoch, stored={"mimetype"})


def setup(app: Sphinx) -> ExtensionMetadata:
    """Put our builder in the place of Sphinx's."""
    app.setup_extension("sphinx.builders.epub3")
    app.add_builder(BookBuilder, override=True)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
