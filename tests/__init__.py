"""Tests of the records, the build, the site in a browser, and the book."""
