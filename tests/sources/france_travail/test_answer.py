from __future__ import annotations

from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jobmarket.sources.france_travail.client.answer import (
    Answer,
    BrokenAnswerError,
    Sighting,
    UnusableAnswerError,
    day_start,
    read_answer,
    wall_second,
    wall_text,
)

TWO = (
    b'{"resultats":[{"id":"0123456","dateCreation":"2026-11-18T00:00:01.999Z","x":1},'
    b'{"id":"193KRPK","dateCreation":"2026-11-18T00:00:00.000Z"}],"filtresPossibles":[]}'
)


def read(content_range: str, body: bytes, first: int = 0, status: int = 206) -> Answer:
    return read_answer(
        "q",
        first,
        status=status,
        content_range=content_range,
        body=body,
        received_at="t",
        statuses=(status,),
    )


def test_a_page_tells_its_total_ids_and_creation_seconds() -> None:
    answer = read("offres 0-1/353", TWO)
    midnight = day_start(date(2026, 11, 18))
    assert answer.announced == 353
    assert answer.offers == (Sighting("0123456", midnight + 1), Sighting("193KRPK", midnight))
    assert answer.body is TWO


@pytest.mark.parametrize(
    ("content_range", "first", "announced"),
    [
        ("*/0", 0, 0),
        ("offres */0", 0, 0),
        ("offres */0 communes", 0, 0),
        ("", 0, 0),
        ("offres -1--1/353", 450, 353),
        # past the end, this says nothing about the size of the set
        ("*/0", 3_000, None),
        ("", 3_000, None),
    ],
)
def test_an_empty_answer(content_range: str, first: int, announced: int | None) -> None:
    answer = read(content_range, b"", first, 204)
    assert (answer.announced, answer.offers) == (announced, ())


@pytest.mark.parametrize(
    ("content_range", "body", "first", "status"),
    [
        ("offres 0-2/353", TWO, 0, 206),  # more announced than sent
        ("offres 0-0/353", TWO, 0, 206),  # fewer
        ("offres 150-151/353", TWO, 0, 206),  # another page
        ("", TWO, 0, 200),
        ("*/0", TWO, 0, 206),
        ("offres 0-1/353", b"", 0, 206),
        ("offres 0-1/353", b"<html>", 0, 200),
        ("offres 0-1/353", b"[]", 0, 206),
        ("offres 0-1/353", b'{"resultats":{}}', 0, 206),
        ("offres */12", b"", 0, 204),  # empty though 12 are announced
        ("*/0", b"x", 0, 204),
    ],
)
def test_an_answer_that_contradicts_itself_is_unusable(
    content_range: str, body: bytes, first: int, status: int
) -> None:
    with pytest.raises(UnusableAnswerError):
        read(content_range, body, first, status)


@pytest.mark.parametrize(
    ("content_range", "body", "told_apart"),
    [
        ("offres 0-2/353", TWO, 2),
        ("offres 0-0/353", TWO, 2),
        ("offres 0-1/353", TWO[: TWO.index(b"193KRPK")], 1),
        ("offres 0-1/353", b"<html>", 0),
    ],
    ids=["one too few", "one too many", "cut", "no search"],
)
def test_a_broken_answer_keeps_what_can_be_told_apart(
    content_range: str, body: bytes, told_apart: int
) -> None:
    with pytest.raises(BrokenAnswerError) as met:
        read(content_range, body)
    answer = met.value.answer
    assert answer.is_broken
    assert (answer.announced, answer.body) == (353 if "353" in content_range else None, body)
    assert [s.offer_id for s in answer.offers] == ["0123456", "193KRPK"][:told_apart]


def test_a_body_that_is_cut_behind_its_last_offer_is_whole() -> None:
    answer = read("offres 0-1/353", TWO[:-1])
    assert not answer.is_broken
    assert len(answer.offers) == 2


def test_facets_are_told_by_their_counts_not_by_their_order() -> None:
    def facets(*values: tuple[str, int]) -> str:
        counts = [{"valeurPossible": code, "nbResultats": count} for code, count in values]
        body = msgspec.json.encode(
            {
                "resultats": [{"id": "1", "dateCreation": "2026-11-18T00:00:00Z"}],
                "filtresPossibles": [{"filtre": "typeContrat", "agregation": counts}],
            }
        )
        return read("offres 0-0/1", body).facets

    assert facets(("CDI", 2), ("CDD", 1)) == facets(("CDD", 1), ("MIS", 0), ("CDI", 2)) != ""
    assert facets(("CDI", 2), ("CDD", 1)) != facets(("CDI", 1), ("CDD", 2))
    assert read("offres 0-1/353", TWO).facets == ""


@pytest.mark.parametrize("digits", [10, 5_000])
def test_a_total_that_no_source_has_is_not_read(digits: int) -> None:
    with pytest.raises(UnusableAnswerError):
        read(f"offres 0-1/{'9' * digits}", TWO)


def test_an_offer_without_id_or_date_is_kept_and_counted() -> None:
    body = (
        b'{"resultats":[{"id":7},{"id":"1","dateCreation":"soon"},null,'
        b'{"id":"2"},{"id":"3","dateCreation":"2026-11-18T00:00:00.000Z"}]}'
    )
    offers = read("offres 0-4/5", body).offers
    assert [s.offer_id for s in offers][1::2] == ["1", "2"]
    assert offers[4] == Sighting("3", day_start(date(2026, 11, 18)))
    assert [s.created for s in offers[:4]] == [None] * 4
    assert len({s.offer_id for s in offers}) == 5
    assert offers[0].offer_id.startswith("without-id:")


@given(st.integers(0, 4_000_000_000))
def test_a_second_is_written_as_it_is_read(second: int) -> None:
    assert wall_second(wall_text(second)) == second


@pytest.mark.parametrize("text", ["", "hier", "2026-13-01T00:00:00Z", "2026-11-18T25:00:00Z"])
def test_what_is_no_moment_has_no_second(text: str) -> None:
    assert wall_second(text) is None
