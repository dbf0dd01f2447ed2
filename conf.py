"""Settings of the Hepatica site and book, in the order of the Sphinx manual.

https://www.sphinx-doc.org/en/master/usage/configuration.html
No network and no clock here: the same commit gives the same output.
"""

import sys
from pathlib import Path

# Our extensions stand beside this file and are not installed.
sys.path.insert(0, str(Path(__file__).parent))

# -- Project information -----------------------------------------------------
project = "Hepatica"
author = "The Hepatica contributors"
copyright = "The Hepatica contributors, CC BY 4.0"
version = "2026.11"
release = version

# -- General configuration ---------------------------------------------------
needs_sphinx = "9.0"
# Our package comes last: it mends what the others do.
extensions = ["myst_parser", "sphinx_design", "sphinxcontrib.bibtex", "hepatica"]
root_doc = "index"
templates_path = ["hepatica/templates"]
nitpicky = True
language = "en-GB"

suppress_warnings = ["myst.topmatter"]  # ours says the same with the line and the cure

# -- MyST --------------------------------------------------------------------
myst_enable_extensions = ["attrs_block", "attrs_inline", "colon_fence", "deflist", "smartquotes"]
myst_title_to_header = True  # the title stands once, in the front matter
myst_heading_anchors = 3
# Raw HTML is unsafe for readers and fatal in an ePub.
myst_disable_syntax = ["html_block", "html_inline"]

# -- Citations (sphinxcontrib-bibtex) ----------------------------------------
bibtex_bibfiles = ["evidence/references.bib"]
bibtex_default_style = "hepatica"
bibtex_reference_style = "label"
bibtex_cite_id = "cite-{key}"  # an address that stays when sources are added
bibtex_tooltips = False  # a mouse-only tooltip; our notes say the same to everybody

# -- HTML --------------------------------------------------------------------
html_theme = "furo"
html_title = "Hepatica"
html_static_path = ["hepatica/static"]
html_css_files = ["tokens.css", "site.css", "components.css"]
html_js_files = [("site.js", {"defer": "defer"}), ("search.js", {"defer": "defer"})]
html_favicon = "hepatica/static/favicon.svg"
html_copy_source = False
html_show_sourcelink = False
html_use_index = False
html_permalinks_icon = "#"

# -- ePub --------------------------------------------------------------------
epub_basename = "hepatica"
epub_title = "When the liver fails"
epub_description = "Liver failure, from transplant to stem cell therapy: what is known, how surely, and what to ask."
epub_author = epub_publisher = author
epub_copyright = copyright
epub_language = "en-GB"
# The same XML name twice: Sphinx writes the one into content.opf and the other into toc.ncx (sphinx#11184).
epub_identifier = epub_uid = "hepatica-knowledge-base"
epub_scheme = "ID"
epub_cover = ("_static/cover.png", "epub-cover.html")
epub_show_urls = "no"
epub_tocdepth = 2
epub_tocdup = False
epub_tocscope = "includehidden"
epub_use_index = False
epub_exclude_files = [".buildinfo.bak"]
