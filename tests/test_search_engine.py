"""What the search understands, in the built site's own words: asked in a browser, as readers ask."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

Ask = Callable[..., Any]


@pytest.fixture(scope="module")
def ask(browser: Browser, server: str) -> Iterator[Ask]:
    """Ask the engine: ``ask("yellow eyes")`` gives what ``search`` in engine.js gives."""
    page = browser.new_page()
    page.goto(f"{server}/search.html")
    page.add_script_tag(url=f"{server}/search/index.js")
    page.evaluate(
        "() => { globalThis.engine = hepaticaSearchEngine.create(hepaticaSearchData, hepaticaSearchLibrary);"
        " globalThis.ask = (query, options) => { const found = engine.search(query, options);"
        " return { ...found, roots: [...found.roots] }; } }"
    )
    yield lambda query, **options: page.evaluate("([query, options]) => ask(query, options)", [query, options])
    page.close()


def pages(found: Any, most: int = 3) -> list[str]:
    return [one["name"].split("/")[-1] for one in found["results"][:most]]


def meaning(found: Any) -> list[str]:
    return [one["term"] for one in found["definitions"]]


@pytest.mark.parametrize(
    ("query", "term"),
    [
        ("ascites", "ascites"),
        ("what is ascites", "ascites"),
        ("What does ascites mean?", "ascites"),
        ("how do you pronounce haematemesis", "haematemesis"),
        ("define recompensation", "recompensation"),
        ("biopsies", "liver biopsy"),
        ("SBP", "spontaneous bacterial peritonitis"),
        ("sbp", "spontaneous bacterial peritonitis"),
        ("what is HE", "hepatic encephalopathy"),
        ("aclf", "acute-on-chronic liver failure"),
        ("NAFLD", "MASLD"),
        ("primary biliary cirrhosis", "primary biliary cholangitis"),
        ("yellow eyes", "jaundice"),
        ("edema", "oedema"),
        ("hematemesis", "haematemesis"),
        ("acetaminophen", "paracetamol"),
        ("tylenol", "paracetamol"),
        ("prograf", "tacrolimus"),
        ("asites", "ascites"),
        ("jaundis", "jaundice"),
        ("tacrolimis", "tacrolimus"),
        ("what is encefalopathy", "hepatic encephalopathy"),
        ("sirosis", "cirrhosis"),
    ],
)
def test_a_word_in_any_form_finds_its_meaning(ask: Ask, query: str, term: str) -> None:
    assert term in meaning(ask(query))


@pytest.mark.parametrize("query", ["he said he is tired", "what is the best hospital", "liver transplant waiting time"])
def test_a_question_that_is_no_word_has_no_meaning_on_top(ask: Ask, query: str) -> None:
    assert meaning(ask(query)) == []


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("yellow eyes", "what-is-liver-failure"),
        ("siroses stage 4", "stages-and-outlook"),
        ("my brother wants to give me half of his liver", "living-donor"),
        ("transplantaton waitting list", "waiting-list"),
        ("how long will I wait for a liver?", "waiting-list"),
        ("stemcell clinc price", "stem-cell-clinics"),
        ("can I get a liver if I drank", "transplant-eligibility"),
        ("randomized trials of stem cells", "stem-cell-evidence"),
        ("is my data stored", "about-privacy"),
    ],
)
def test_a_question_finds_its_page_among_the_first_three(ask: Ask, query: str, name: str) -> None:
    assert name in pages(ask(query))


def test_british_and_american_spelling_find_the_same(ask: Ask) -> None:
    for british, american in (
        ("oesophageal varices haemorrhage", "esophageal varices hemorrhage"),
        ("randomised trial", "randomized trial"),
        ("liver tumour centre", "liver tumor center"),
        ("paracetamol limit tablets", "acetaminophen limit tablets"),
    ):
        assert pages(ask(british), 5) == pages(ask(american), 5), british


def test_singular_plural_and_little_words_make_no_difference(ask: Ask) -> None:
    assert pages(ask("what are the risks for a living donor?")) == pages(ask("risk living donors"))


def test_not_every_word_must_be_met(ask: Ask) -> None:
    assert "waiting-list" in pages(ask("waiting list zzzqqq xylophone"))


def test_what_was_corrected_is_said_and_can_be_undone(ask: Ask) -> None:
    assert ask("siroses stage 4")["corrected"] == "cirrhosis stage 4"
    assert ask("cirrhosis stage 4")["corrected"] == ""
    exact = ask("siroses stage 4", exact=True)
    assert exact["corrected"] == ""
    assert ask("transplant in Ulaanbaatar")["corrected"] == "", "a word that is near to none stays as it is"


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("vomiting blood", "Vomiting blood"),
        ("my dad is throwing up blood", "Vomiting blood"),
        ("vomitting blod", "Vomiting blood"),
        ("black tarry stools", "Black, sticky poo"),
        ("black poop", "Black, sticky poo"),
        ("can't wake my wife", "A person who cannot be woken"),
        ("she wont wake up", "A person who cannot be woken"),
        ("took too many paracetamol", "Too much paracetamol (acetaminophen, Tylenol)"),
        ("tylenol over dose", "Too much paracetamol (acetaminophen, Tylenol)"),
        ("suddenly confused and sleepy", "New confusion in a person with liver disease"),
        ("I want to die", "Thoughts of suicide, or an overdose that was meant"),
    ],
)
def test_an_emergency_is_pinned_with_what_to_do(ask: Ask, query: str, title: str) -> None:
    found = ask(query)["emergencies"]
    assert title in [one["title"] for one in found], [one["title"] for one in found]
    assert all(one["act"] and one["url"].startswith("start/emergency-signs.html") for one in found)


@pytest.mark.parametrize(
    "query",
    [
        "wake up at night itching",
        "confused about MELD score",
        "blood test",
        "will my dad die",
        "black coffee and the liver",
        "how much paracetamol can I take",
        "keep fit with cirrhosis",
        "yellow eyes",
        "stem cells",
    ],
)
def test_a_question_about_something_else_is_no_emergency(ask: Ask, query: str) -> None:
    assert ask(query)["emergencies"] == []


def test_while_typing_the_last_word_may_be_a_beginning(ask: Ask) -> None:
    assert "waiting-list" in pages(ask("waiting li", typing=True))
    assert [one["title"] for one in ask("vomiting blo", typing=True)["emergencies"]] == ["Vomiting blood"]
    assert ask("cirrhos", typing=True)["corrected"] == ""


@pytest.mark.parametrize("query", ["", "   ", "the of and", "?!", "<script>", "'", "a" * 5000, "🫀", "ما هو تليف الكبد"])
def test_any_query_is_answered_without_an_error(ask: Ask, query: str) -> None:
    assert isinstance(ask(query)["results"], list)
