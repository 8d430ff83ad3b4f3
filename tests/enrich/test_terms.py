"""Hours, contract length and experience as numbers: labels in the forms of the source, and in others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jobmarket.enrich.terms import (
    contract_length_months,
    experience_months,
    is_part_time,
    weekly_hours,
)


@pytest.mark.parametrize(
    ("label", "hours"),
    [
        ("35H Travail en journée", 35),
        ("35H\nTravail en journée", 35),
        ("35 H  Travail en journée", 35),
        ("35 H", 35),
        ("39H Autre", 39),
        ("temps partiel - 17H30 Autre", 17.5),
        ("temps partiel\nTravail en journée", None),
        ("Temps plein", None),
        ("37H50 Travail", 37.83),
        ("35H/semaine Travail en journée", 35),
        ("35h00", 35),
        ("35 heures", 35),
        ("35,5H", 35.5),
        ("24H/mois", None),
        ("7H/jour", None),
        ("20H à 25H", None),
        ("20 à 25H", None),
        ("151H Autre", None),
        ("Temps partiel - 24H", 24),
        ("TEMPS PARTIEL - 28H30", 28.5),
        ("0H", None),
        ("37H4 Travail", 37.07),
        ("35H par semaine", 35),
        ("35H Travail posté (2x8, 3x8, 5x8, etc.)", 35),
        ("37 heures 30", 37.5),
        ("70H", None),
        ("39h/semaine", 39),
        ("39 h 00 hebdomadaire", 39),
        ("Travail en journée", None),
        ("35h30mn", 35.5),
        ("21H54 Autre", 21.9),
        ("35H Horaires annuels", 35),
        ("35 H annualisées", 35),
    ],
)
def test_hours_of_a_week(label: str, hours: float | None) -> None:
    assert weekly_hours(label) == hours


@pytest.mark.parametrize(
    ("label", "months"),
    [
        ("CDD - 6 Mois", 6),
        ("CDI", None),
        ("Intérim - 5 Jour(s)", 0.16),
        ("Intérim - 18 Mois", 18),
        ("CDD - 1 An(s)", 12),
        ("Contrat à durée déterminée - 36 Mois", 36),
        ("Saisonnier - 2 Mois", 2),
        ("CDD - 2 Semaine(s)", 0.46),
        ("CDD de 10 mois", 10),
        ("CDD - 6 à 12 mois", None),
        ("CDD - 0 Mois", None),
        ("Profession libérale", None),
        ("CDD Insertion - 4 Mois", 4),
        ("CDD - 365 Jour(s)", 11.99),
        ("Mission intérimaire - 1 Mois", 1),
        ("Intérim - 29 Jour(s)", 0.95),
        ("CDD 18 mois", 18),
        ("CDD - 999 Mois", None),
        ("CDD - 2 ans", 24),
    ],
)
def test_length_of_a_contract(label: str, months: float | None) -> None:
    assert contract_length_months(label) == months


@pytest.mark.parametrize(
    ("code", "label", "months"),
    [
        ("D", "Débutant accepté", 0),
        ("E", "1 An(s)", 12),
        ("E", "Expérience exigée de 3 An(s)", 36),
        ("E", "Expérience exigée", None),
        ("S", "Expérience souhaitée de 2 An(s)", 24),
        ("E", "6 Mois", 6),
        ("D", "Débutant accepté (3 ans)", 0),
        ("E", "1 An(s) - 1 à 3 ans d'expérience", 12),
        ("E", "Expérience exigée de 1 An(s) (SUR LE MEME TYPE DE POSTE)", 12),
        ("E", "2 ans", 24),
        ("E", "1 an - EN STATION", 12),
        ("E", "2 à 3 ans", 24),
        ("E", "84 Mois", 84),
        ("E", "3 An(s) - RESEAUX", 36),
        ("E", "6 mois à 1 an", 6),
        ("E", "99 An(s)", None),
        ("S", "Expérience souhaitée", None),
        ("E", "2 saisons", None),
        ("E", "Expérience exigée (5 ans)", 60),
        ("E", "18 mois", 18),
        ("E", "1 annee", 12),
        ("E", "15 jours", None),
        (None, "Débutant accepté", 0),
        (None, "3 An(s)", 36),
        ("E", "", None),
    ],
)
def test_experience(code: str | None, label: str, months: int | None) -> None:
    assert experience_months(code, label) == months


@pytest.mark.parametrize(
    ("category", "label", "told"),
    [
        ("Temps partiel", "24H Autre", True),
        ("Temps plein", "temps partiel - 24H Autre", False),
        (None, "temps partiel - 24H Autre", True),
        (None, "Temps partiel", True),
        (None, "24H Autre", False),
        (None, None, False),
    ],
)
def test_part_time(category: str | None, label: str | None, told: bool) -> None:
    assert is_part_time(category, label) is told


@given(st.text())
def test_any_label_gives_a_number_or_none(label: str) -> None:
    hours, months, experience = (
        weekly_hours(label),
        contract_length_months(label),
        experience_months("E", label),
    )
    assert hours is None or 0 < hours <= 60
    assert months is None or 0 < months <= 120
    assert experience is None or 0 <= experience <= 480
