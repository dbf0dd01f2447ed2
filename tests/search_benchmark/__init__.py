"""Compares search engines on the built pages, with questions that readers ask: ``nox -s bench-search``."""
