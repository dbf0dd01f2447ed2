"""The comparison of search engines: how it reads questions, counts ranks and writes its tables. No engine runs here."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.search_benchmark import __main__ as comparison
from tests.search_benchmark.measures import ALL, Scores, answerable, page_of, pages_in_order, rank_of, scores, scores_by_kind
from tests.search_benchmark.questions import HEADER, KINDS, BenchmarkError, Question, read_questions
from tests.search_benchmark.report import BEGIN, END, scores_table, write_between

HEAD = "\t".join(HEADER)
SLUGS = {"cirrhosis", "ascites"}


def write_questions(folder: Path, *lines: str) -> Path:
    """Write a file of questions; the first of ``lines`` is line 2."""
    path = folder / "questions.tsv"
    path.write_text("\n".join((HEAD, *lines)) + "\n", "utf-8")
    return path


def question(kind: str, *expected: str) -> Question:
    """Return a question of a kind with its right pages."""
    return Question("swollen belly", kind, expected)


# -- Questions ----------------------------------------------------------------------------------------------------------------


def test_a_question_has_a_kind_and_pages_the_best_first(tmp_path: Path) -> None:
    path = write_questions(tmp_path, "swollen belly\tlay\tascites|cirrhosis", "", "what is MELD\tquestion\tmeld-score")
    assert read_questions(path) == [
        Question("swollen belly", "lay", ("ascites", "cirrhosis")),
        Question("what is MELD", "question", ("meld-score",)),
    ]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("secret words lay ascites", "three fields"),
        ("secret words\tlay\t", "three fields"),
        ("secret words\tlay\tascites\tmore", "three fields"),
        ("secret words\tslang\tascites", "'slang': write one of lay, question, typo"),
        ("secret words\tlay\tascites,cirrhosis", "'ascites,cirrhosis' is no page"),
        ("secret words\tlay\tascites|", "'' is no page"),
        ("secret words\tlay\tliver-failure/ascites", "without folder"),
    ],
)
def test_a_wrong_line_is_named_but_its_words_are_not(tmp_path: Path, line: str, words: str) -> None:
    path = write_questions(tmp_path, "swollen belly\tlay\tascites", line)
    with pytest.raises(BenchmarkError) as caught:
        read_questions(path)
    message = str(caught.value)
    assert message.startswith(f"{path}:3: ")
    assert words in message
    assert "secret" not in message, "the question may be held out"
    assert "\n" not in message


def test_a_file_begins_with_its_head_and_has_questions(tmp_path: Path) -> None:
    path = tmp_path / "questions.tsv"
    path.write_text("swollen belly\tlay\tascites\n", "utf-8")
    with pytest.raises(BenchmarkError, match=r"questions\.tsv:1: the first line must be"):
        read_questions(path)
    with pytest.raises(BenchmarkError, match=r"questions\.tsv:2: no question"):
        read_questions(write_questions(tmp_path))


@pytest.mark.parametrize("name", comparison.FILES)
def test_the_files_of_questions_can_be_read_and_have_every_kind(name: str) -> None:
    found = read_questions(comparison.HERE / name)
    assert {one.kind for one in found} == set(KINDS)


def test_what_is_held_out_stands_in_no_other_file() -> None:
    files = {name: {one.text.lower() for one in read_questions(comparison.HERE / name)} for name in comparison.FILES}
    held_out = files.pop("held_out_queries.tsv")
    shared = [name for name, texts in files.items() if texts & held_out]
    assert not shared, "what is held out must not stand where it is looked at"


# -- Ranks and measures -------------------------------------------------------------------------------------------------------


def test_an_address_is_a_page_with_its_folder() -> None:
    assert page_of("/about/glossary.html#ascites") == "about/glossary"
    assert page_of("http://127.0.0.1:1/html/index.html?q=1", "/html/") == "index"
    assert page_of("/about/") == "about/index", "Pagefind leaves index.html out"
    assert page_of("/") == "index"
    assert page_of("/a%20b.html") == "a b"


def test_a_page_counts_once_and_lists_of_sections_stay_apart() -> None:
    addresses = ["/a/index.html", "/a/x.html#one", "/a/x.html#two", "/b/index.html", "/b/y.html"]
    assert pages_in_order(addresses) == ["a/index", "a/x", "b/index", "b/y"]


def test_the_rank_is_that_of_the_first_right_page() -> None:
    pages = ["start/index", "liver-failure/ascites", "liver-failure/cirrhosis"]
    assert rank_of(pages, ["cirrhosis", "ascites"]) == 2
    assert rank_of(pages, ["cirrhosis"]) == 3
    assert rank_of(pages, ["meld-score"]) is None
    assert rank_of([], ["cirrhosis"]) is None


def test_hits_and_reciprocal_ranks() -> None:
    found = scores([1, 1, 3, 4, None])
    assert found.count == 5
    assert found.hit_at_1 == pytest.approx(2 / 5)
    assert found.hit_at_3 == pytest.approx(3 / 5)
    assert found.reciprocal == pytest.approx((1 + 1 + 1 / 3 + 1 / 4) / 5)
    assert scores([]) == Scores(0, 0, 0, 0)


def test_scores_are_counted_over_all_and_for_each_kind_that_there_is() -> None:
    asked = [question("typo", "ascites"), question("lay", "ascites"), question("typo", "ascites")]
    found = scores_by_kind(asked, [2, 1, None])
    assert list(found) == [ALL, "lay", "typo"], "in the order of the kinds"
    assert found[ALL] == Scores(3, 1 / 3, 2 / 3, 0.5)
    assert found["lay"] == Scores(1, 1, 1, 1)
    assert found["typo"] == Scores(2, 0, 0.5, 0.25)


def test_questions_whose_pages_are_not_written_yet_are_left_out() -> None:
    both, second, none = (
        question("lay", "ascites", "cirrhosis"),
        question("lay", "jaundice", "ascites"),
        question("lay", "jaundice"),
    )
    assert answerable([both, second, none], SLUGS, first=False) == [both, second]
    assert answerable([both, second, none], SLUGS, first=True) == [both]


# -- The report ---------------------------------------------------------------------------------------------------------------


def test_the_table_has_a_row_for_each_kind_and_a_column_for_each_engine() -> None:
    ours = {ALL: Scores(3, 1, 1, 1), "typo": Scores(3, 1, 1, 1)}
    theirs = {ALL: Scores(3, 1 / 3, 2 / 3, 0.5), "typo": Scores(3, 0, 0, 0)}
    assert scores_table({"Theirs": theirs, "Ours": ours}).splitlines() == [
        "| kind | questions | Theirs | Ours |",
        "| --- | ---: | ---: | ---: |",
        "| **all** | 3 | 0.33 / 0.67 / 0.50 | 1.00 / 1.00 / 1.00 |",
        "| misspellings | 3 | 0.00 / 0.00 / 0.00 | 1.00 / 1.00 / 1.00 |",
    ]


def test_the_tables_are_written_between_the_marks_again_and_again(tmp_path: Path) -> None:
    page = tmp_path / "search.md"
    page.write_text(f"# Search\n\n{BEGIN}\nold\n{END}\n\nMine.\n", "utf-8")
    for text in ("first", "second"):
        write_between(page, text)
    assert page.read_text("utf-8") == f"# Search\n\n{BEGIN}\n\nsecond\n\n{END}\n\nMine.\n"


@pytest.mark.parametrize("text", ["", f"{BEGIN}\n", f"{END}\n{BEGIN}\n"])
def test_a_page_without_the_marks_is_not_overwritten(tmp_path: Path, text: str) -> None:
    page = tmp_path / "search.md"
    page.write_text(text, "utf-8")
    with pytest.raises(BenchmarkError, match=r"search\.md: the place for the tables is not marked"):
        write_between(page, "new")
    assert page.read_text("utf-8") == text


def test_the_maintainers_page_has_the_marks() -> None:
    text = comparison.PAGE.read_text("utf-8")
    assert text.count(BEGIN) == text.count(END) == 1
    assert text.index(BEGIN) < text.index(END)


def test_a_missed_target_is_one_line() -> None:
    good = {ALL: Scores(40, 0.5, 0.95, 0.7), "typo": Scores(10, 0.5, 0.9, 0.7)}
    assert comparison.missed_targets(good) == []
    bad = {ALL: Scores(40, 0.5, 0.94, 0.7), "typo": Scores(10, 0.5, 0.8, 0.7), "lay": Scores(9, 0, 0, 0)}
    assert comparison.missed_targets(bad) == [
        "hit@3 is 0.940 on all questions, the target is 0.95",
        "hit@3 is 0.800 on misspellings, the target is 0.90",
    ]
