"""Telework as it is written: invented phrases with what they say, and what must not be taken for one."""

from __future__ import annotations

import csv
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jobmarket.enrich.technology.search import read_texts
from jobmarket.enrich.telework import Telework, read_telework

PHRASES = Path(__file__).parents[1] / "fixtures" / "telework_phrases.csv"
KINDS = {None, "full", "partial", "possible", "none"}


def phrases() -> list[tuple[str, str]]:
    with PHRASES.open(encoding="utf-8", newline="") as lines:
        return [(row["phrase"], row["kind"]) for row in csv.DictReader(lines)]


@pytest.mark.parametrize(("phrase", "kind"), phrases())
def test_a_phrase_says(phrase: str, kind: str) -> None:
    assert read_telework("Agent (H/F)", f"Nous recrutons.\n{phrase}\nVenez !")[0] == (kind or None)


@pytest.mark.parametrize(
    ("title", "description", "conditions", "told"),
    [
        ("Développeur full remote", "Vous codez.", "", ("full", "full")),
        ("Développeur (remote possible)", "Vous codez.", "", ("possible", "offered")),
        ("Administrateur Remote Desktop", "Vous administrez.", "", (None, None)),
        ("Agent", "Vous accueillez.", "Possibilité de télétravail", ("possible", "condition")),
        # the widest right counts, wherever it stands
        ("Agent - télétravail possible", "Pas de télétravail.", "", ("possible", "offered")),
        ("Agent", "Accord de télétravail.\n2 jours de télétravail.", "", ("partial", "measured")),
        ("Agent", "Télétravail possible.\nPoste en télétravail complet.", "", ("full", "full")),
        ("Agent", "Pas de télétravail la première année.", "", ("possible", "later")),
        ("Agent", "Pas de télétravail à 100 %.", "", ("partial", "not_full")),
        ("Agent", "2,5 jours de télétravail par semaine", "", ("partial", "measured")),
        ("Agent", "Deux jours de télétravail par semaine.", "", ("partial", "measured")),
        ("Agent", "Pas de routine. Télétravail. 2 jours de repos.", "", ("possible", "offered")),
        ("Agent", "", "", (None, None)),
    ],
)
def test_title_text_and_conditions_are_weighed(
    title: str, description: str, conditions: str, told: tuple[str | None, str | None]
) -> None:
    assert read_telework(title, description, conditions) == told


PIECES = st.sampled_from(
    [
        "télétravail",
        "TELETRAVAIL",
        "Télé-travail",
        "télé",
        "travail",
        "pas",
        "de",
        "non",
        "2",
        "jours",
        "par",
        "semaine",
        "100",
        "%",
        "full",
        "remote",
        ":",
        "(",
        ")",
        ".",
        ",",
        "possible",
        "hybride",
        "le",
        "l'",
        "&nbsp;",
        "İ",
    ]
)


@given(st.text(), st.text() | st.lists(PIECES, max_size=30).map(" ".join), st.text())
def test_any_text_is_read(title: str, description: str, conditions: str) -> None:
    kind, rule = read_telework(title, description, conditions)
    assert kind in KINDS
    assert (kind is None) == (rule is None)


@pytest.mark.parametrize(
    "unit", ["télétravail ", "travail ", "2 jours ", "pas de ", "TRAVAIL", "une "]
)
def test_no_text_takes_long(unit: str) -> None:
    text = f"{unit * 40_000}télétravail"
    started = time.process_time()
    assert isinstance(read_telework("Agent", text), Telework)
    assert time.process_time() - started < 0.2


TEXT_PARTS = [
    *(
        "télétravail",
        "TÉLÉTRAVAIL",
        "télé-travail",
        "tele travail",
        "Teletravail",
        "travail",
        "vail",
    ),
    *(" ", "\n", ". ", "2 jours de ", "pas de ", "total", "’", "\N{NO-BREAK SPACE}", "é", "œ", "a"),
]


@settings(deadline=None)  # the first text waits for the dictionary
@given(
    st.from_regex(
        r"[a-zÀ-ÿ %-]{0,9}"
        r"([lL][eéEÉ][tT]ravail|[eéEÉ][lL][eéEÉ][ -][tT]ravail|L[EÉ]TRAVAIL|[EÉ]L[EÉ][ -]TRAVAIL)",
        fullmatch=True,
    )
)
def test_no_text_that_names_telework_is_passed_over(text: str) -> None:
    assert read_texts(["Un travail d'équipe", text]).telework == {1: [len(text)]}


@given(st.lists(st.sampled_from(TEXT_PARTS)).map("".join))
def test_a_text_that_was_searched_before_is_read_the_same(text: str) -> None:
    found = read_texts([text]).telework.get(0, [])
    assert read_telework("Agent", text, "", found) == read_telework("Agent", text)
