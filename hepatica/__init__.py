"""Hepatica's Sphinx extensions, one module for each job."""

from __future__ import annotations

from pathlib import Path
from zlib import crc32

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

FEATURES = (
    "hepatica.cures",
    "hepatica.evidence",
    "hepatica.plugin_cache",
    "hepatica.citations",
    "hepatica.notes",
    "hepatica.facts",
    "hepatica.pages",
    "hepatica.icons",
    "hepatica.page_parts",
    "hepatica.drawings",
    "hepatica.places",
    "hepatica.used_on",
    "hepatica.term_links",
    "hepatica.glossary",
    "hepatica.claim_parts",
    "hepatica.claims",
    "hepatica.evidence_map",
    "hepatica.study_tables",
    "hepatica.study_records",
    "hepatica.data_files",
    "hepatica.forest_plots",
    "hepatica.risk_pictures",
    "hepatica.series_charts",
    "hepatica.denominators",
    "hepatica.open_data",
    "hepatica.pictures",
    "hepatica.stale_pages",
    "hepatica.assets",
    "hepatica.home",
    "hepatica.navigation",
    "hepatica.tables",
    "hepatica.search_sections",
    "hepatica.search",
    "hepatica.book_components",
    "hepatica.book",
)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Set up every feature, in order."""
    for feature in FEATURES:
        app.setup_extension(feature)
    # Pages read by older code are read anew.
    code = b"".join(path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py")))
    return {"parallel_read_safe": True, "parallel_write_safe": True, "env_version": crc32(code)}
