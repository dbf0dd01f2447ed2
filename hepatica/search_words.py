"""What the search knows of people's words, as typed records: emergencies, and everyday words that mean the same."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from hepatica.record_types import Id, Part, Text


class Emergency(Part):
    """A danger that is shown above all search results, with what to do."""

    id: Id
    title: Text
    level: Literal["call", "hospital", "ring"]
    """Call an ambulance now; go to a hospital now; ring the team."""

    what_to_do: Text
    """The action first; right without its second sentence."""

    phrases: Annotated[list[Text], Field(min_length=1)]
    """What people type. A phrase is met when all its words that carry meaning are in the query, in any order and form."""

    not_with: list[Text] = Field(default_factory=list)
    """Words that make the query a question about a topic."""

    anchor: Id | None = None
    """Where on the page of emergency signs it is explained; the top where this is empty."""

    rests_on: Annotated[list[Id], Field(min_length=1)]


class WordGroup(Part):
    """Everyday words and phrases that mean about the same in a question about liver disease."""

    words: Annotated[list[Text], Field(min_length=2)]
    strength: Literal["same", "near"]
    one_way: bool = False
    """Only the first finds the others."""

    @property
    def id(self) -> str:
        """The first word: no two groups begin with the same."""
        return self.words[0]


class QuestionWords(Part):
    """Words in which questions are put: dropped, weighed lightly, or asking for a meaning ("what is …")."""

    id: Literal["stop", "light", "meaning"]
    words: Annotated[list[Text], Field(min_length=1)]
