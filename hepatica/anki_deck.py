"""The glossary as a deck for Anki, a program with which students learn by cards: each term from word to meaning and back.

Knows nothing of Sphinx. Anki knows a card again by its note's guid, so that a newer deck changes the cards that a student has.
"""

from __future__ import annotations

import html
import tempfile
from collections.abc import Iterable
from pathlib import Path
from zipfile import ZipFile

import genanki

from hepatica.steady_zip import write_zip
from hepatica.terms import THEMES, Term

MODEL_ID = 1_607_392_319
DECK_ID = 2_059_400_110
"""Chosen once at random, as Anki wants it; with other numbers a student would get every card twice."""

FIELDS = ("Term", "Say", "Plain", "Clinical", "Also", "Action", "Note")
NOTE = "Hepatica, CC BY 4.0. Drafted, not yet reviewed by a clinician."
FOOT = '<p class="note">{{Note}}</p>'
TEMPLATES = [
    {
        "name": "From word to meaning",
        "qfmt": "<h1>{{Term}}</h1>",
        "afmt": "{{FrontSide}}<hr id=answer><p>Say: {{Say}}</p><p>{{Plain}}</p>{{#Action}}<p><b>{{Action}}</b></p>{{/Action}}"
        "<p>For clinicians: {{Clinical}}</p>{{#Also}}<p>Also called: {{Also}}</p>{{/Also}}" + FOOT,
    },
    {
        "name": "From meaning to word",
        "qfmt": "<p>{{Plain}}</p>",
        "afmt": "{{FrontSide}}<hr id=answer><h1>{{Term}}</h1><p>Say: {{Say}}</p>" + FOOT,
    },
]
CSS = """\
.card { font: 1.2em/1.5 sans-serif; max-width: 36em; margin: auto; padding: 1em; }
h1 { font-size: 1.5em; }
.note { font-size: .75em; }
"""


def write_deck(target: Path, terms: Iterable[Term], epoch: float) -> None:
    """Write the deck; the same terms and ``epoch`` (seconds since 1970) give the same bytes."""
    model = genanki.Model(MODEL_ID, "Hepatica glossary", [{"name": name} for name in FIELDS], TEMPLATES, css=CSS)
    deck = genanki.Deck(DECK_ID, "Hepatica glossary", "The words of liver failure, from transplant to stem cell therapy.")
    for term in sorted(terms, key=lambda one: (one.term.lower(), one.term)):
        deck.add_note(_note(term, model))
    with tempfile.TemporaryDirectory() as folder:
        loose = Path(folder) / "deck.apkg"
        genanki.Package(deck).write_to_file(loose, timestamp=epoch)
        with ZipFile(loose) as archive:
            write_zip(target, ((name, archive.read(name)) for name in archive.namelist()), epoch)


def _note(term: Term, model: genanki.Model) -> genanki.Note:
    name = f"{term.term} ({term.abbreviation})" if term.abbreviation else term.term
    also = ", ".join([*term.synonyms, *term.former_names])
    action = " ".join(text for text in (term.what_to_do, term.do_not_stop) if text)
    values = (name, term.pronunciation, term.definition_plain, term.definition_clinical, also, action, NOTE)
    # Anki takes fields for HTML.
    fields = [html.escape(value, quote=False) for value in values]
    tag = THEMES[term.theme].replace(",", "").replace(" ", "-")
    return genanki.Note(model, fields, guid=genanki.guid_for("hepatica", term.term), tags=[tag])
