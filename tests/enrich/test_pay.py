from __future__ import annotations

import csv
import gzip
import json
import os
import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jobmarket.enrich.pay import read as pay
from jobmarket.enrich.pay.label import fold, number_of
from jobmarket.enrich.pay.read import LONGEST_CHARS, Pay, read_pay
from jobmarket.enrich.pay.scale import least_by_period

FIXTURES = Path(__file__).parents[1] / "fixtures"
LABELLED = FIXTURES / "salary_labels.csv"
INVENTED = FIXTURES / "salary_forms.csv"
REAL_OFFERS = Path(
    os.environ.get(
        "JOBMARKET_REAL_OFFERS",
        Path(__file__).parents[3] / "shared" / "data" / "france_travail_offers.jsonl.gz",
    )
)
KINDS = ("stated", "corrected", "implausible", "unreadable", "absent")


def invented() -> list[tuple[str, ...]]:
    with INVENTED.open(encoding="utf-8", newline="") as lines:
        return [tuple(row.values())[1:] for row in csv.DictReader(lines)]


def labelled() -> list[dict[str, str]]:
    with LABELLED.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def expected(row: dict[str, str]) -> tuple[str | float | None, ...]:
    numbers = ("min", "max", "month_count", "min_eur_per_year", "max_eur_per_year")
    return (
        row["kind"],
        row["period"] or None,
        *(float(row[name]) if row[name] else None for name in numbers),
    )


def test_the_sample_judged_by_hand_is_read_without_an_error() -> None:
    rows = labelled()
    errors = [
        (row["label"], row["comment"], expected(row), found)
        for row in rows
        if expected(row)
        != (
            found := (read := read_pay(row["label"] or None, row["comment"] or None))[:1] + read[3:]
        )
    ]
    assert errors == []
    assert Counter(row["kind"] for row in rows) == {
        "stated": 443,
        "implausible": 77,
        "corrected": 71,
        "unreadable": 67,
        "absent": 49,
    }
    assert len({(row["label"], row["comment"]) for row in rows}) == 707
    assert sum(not row["label"] for row in rows) == 143


@pytest.mark.parametrize(("label", "comment", "kind", "low", "high"), invented())
def test_a_form_that_others_write_is_read(
    label: str, comment: str, kind: str, low: str, high: str
) -> None:
    read = read_pay(label or None, comment or None)
    per_year = tuple(float(amount) if amount else None for amount in (low, high))
    assert (read.salary_kind, read[7:]) == (kind, per_year)


@pytest.mark.parametrize(
    ("label", "kind", "rule", "period", "per_year"),
    [
        ("Horaire de 12.0 Euros", "stated", "as_written", "hour", (21_840, 21_840)),
        ("Horaire de 12.0 Euros sur 0.0 mois", "stated", "as_written", "hour", (21_840, 21_840)),
        ("Horaire de 12.0 Euros sur 13.0 mois", "stated", "extra_pays", "hour", (23_660, 23_660)),
        (
            "Mensuel de 2000.0 Euros sur 16.0 mois",
            "stated",
            "extra_pays",
            "month",
            (32_000, 32_000),
        ),
        (
            "Mensuel de 2000.0 Euros sur 17.0 mois",
            "stated",
            "months_ignored",
            "month",
            (24_000, 24_000),
        ),
        (
            "Mensuel de 2000.0 Euros sur 6.0 mois",
            "stated",
            "months_ignored",
            "month",
            (24_000, 24_000),
        ),
        ("Annuel de 26000 Euros sur 13 mois", "stated", "as_written", "year", (26_000, 26_000)),
        (
            "Annuel de 20000,00 Euros à 200000,00 Euros",
            "implausible",
            "range_too_wide",
            "year",
            None,
        ),
        (
            "Annuel de 40000,00 Euros à 200000,00 Euros",
            "stated",
            "as_written",
            "year",
            (40_000, 200_000),
        ),
        ("Annuel de 200000.01 Euros", "implausible", "above_maximum", "year", None),
        ("Annuel de 19999.99 Euros", "implausible", "below_minimum_wage", "year", None),
        ("Mensuel de 1709.0 Euros", "stated", "as_written", "month", (20_508, 20_508)),
        ("Mensuel de 1708.99 Euros", "implausible", "below_minimum_wage", "month", None),
        ("Horaire de 11.27 Euros", "stated", "as_written", "hour", (20_511.4, 20_511.4)),
        ("Horaire de 11.26 Euros", "implausible", "below_minimum_wage", "hour", None),
        # Mayotte's own minimum wage, by the hour and to the cent by the month
        ("Horaire de 9.33 Euros", "stated", "as_written", "hour", (16_980.6, 16_980.6)),
        ("Mensuel de 1361.97 Euros", "stated", "as_written", "month", (16_343.64, 16_343.64)),
        ("Mensuel de 1362.5 Euros", "implausible", "below_minimum_wage", "month", None),
        # the period is put right only where one other period fits both bounds
        (
            "Mensuel de 45000 Euros à 55000 Euros",
            "corrected",
            "wrong_period",
            "year",
            (45_000, 55_000),
        ),
        (
            "Horaire de 2000 Euros à 2500 Euros",
            "corrected",
            "wrong_period",
            "month",
            (24_000, 30_000),
        ),
        (
            "Annuel de 2500 Euros sur 13 mois",
            "corrected",
            "wrong_period",
            "month",
            (32_500, 32_500),
        ),
        ("Annuel de 12.5 Euros", "corrected", "wrong_period", "hour", (22_750, 22_750)),
        ("Annuel de 40,00 Euros à 45,00 Euros", "corrected", "thousands", "year", (40_000, 45_000)),
        ("Mensuel de 40 Euros à 45 Euros", "implausible", "below_minimum_wage", "month", None),
        ("Mensuel de 2000 Euros à 26000 Euros", "implausible", "above_maximum", "month", None),
        # 580 € a month is part time: no reason to take it for pay by the month
        ("Annuel de 6960.0 Euros sur 14.0 mois", "implausible", "below_minimum_wage", "year", None),
        (
            "Annuel de 60000 Euros à 40000 Euros",
            "corrected",
            "bounds_swapped",
            "year",
            (40_000, 60_000),
        ),
        (
            "Mensuel de 60000 Euros à 40000 Euros",
            "corrected",
            "wrong_period+bounds_swapped",
            "year",
            (40_000, 60_000),
        ),
        (
            "Annuel de 30000,00 Euros à 0,00 Euros",
            "corrected",
            "zero_bound_dropped",
            "year",
            (30_000, None),
        ),
        (
            "Annuel de 0,00 Euros à 30000,00 Euros",
            "corrected",
            "zero_bound_dropped",
            "year",
            (None, 30_000),
        ),
        ("Annuel de 0,00 Euros à 0,00 Euros", "unreadable", "zero_amount", "year", None),
        (
            "De 25000,00 Euros à 25000,00 Euros",
            "corrected",
            "period_inferred",
            "year",
            (25_000, 25_000),
        ),
        (
            "Autre de 1910,00 Euros à 2050,00 Euros",
            "corrected",
            "period_inferred",
            "month",
            (22_920, 24_600),
        ),
        ("Autre de 35,00 Euros", "implausible", "no_period_fits", None, None),
        ("Cachet de 120.0 Euros", "unreadable", "fee_per_performance", None, None),
        ("Cachet de 2000.0 Euros", "unreadable", "fee_per_performance", None, None),
        ("Cachet de 50000,00 Euros", "corrected", "period_inferred", "year", (50_000, 50_000)),
        ("Annuel de", "unreadable", "no_amount", None, None),
        ("Journalier de 150 Euros", "unreadable", "unknown_shape", None, None),
        ("Mensuel de 2000", "unreadable", "unknown_shape", None, None),
        ("35 - 40 k€ brut annuel", "stated", "as_written", "year", (35_000, 40_000)),
        # thousands by « k », by a point or by a comma, where that is without doubt
        ("Annuel de 35k€ à 40k€", "stated", "as_written", "year", (35_000, 40_000)),
        ("Annuel de 35 à 40 k€", "stated", "as_written", "year", (35_000, 40_000)),
        ("35K€ - 40K€", "corrected", "period_inferred", "year", (35_000, 40_000)),
        ("Annuel de 40 KEUR", "stated", "as_written", "year", (40_000, 40_000)),
        ("Annuel de 35K à 40K", "stated", "as_written", "year", (35_000, 40_000)),
        ("Mensuel de 2.000,00 Euros", "stated", "as_written", "month", (24_000, 24_000)),
        ("Mensuel de 2,000.00 Euros", "stated", "as_written", "month", (24_000, 24_000)),
        ("Mensuel de 2.000 Euros", "stated", "as_written", "month", (24_000, 24_000)),
        ("Taux horaire de 12,50 Euros", "stated", "as_written", "hour", (22_750, 22_750)),
        # « à » in the wrong character set, other blanks, thousands apart
        (
            "Mensuel de 1800,00 Euros ï¿½ 1900,00 Euros",
            "stated",
            "as_written",
            "month",
            (21_600, 22_800),
        ),
        (
            "Mensuel de 1800,00 Euros � 1900,00 Euros",
            "stated",
            "as_written",
            "month",
            (21_600, 22_800),
        ),
        (
            "Mensuel de 1800,00 Euros Ã\xa0 1900,00 Euros",
            "stated",
            "as_written",
            "month",
            (21_600, 22_800),
        ),
        (
            "MENSUEL DE 1\u202f800,00 € À 1\xa0900,00 €",
            "stated",
            "as_written",
            "month",
            (21_600, 22_800),
        ),
    ],
)
def test_a_rule_decides_on_a_label(
    label: str, kind: str, rule: str, period: str | None, per_year: tuple[float | None, ...] | None
) -> None:
    read = read_pay(label, None)
    assert read[:4] == (kind, rule, "label", period)
    assert read[7:] == (per_year or (None, None))


# how recruiters also write, judged before the grammar saw them
@pytest.mark.parametrize(
    ("comment", "kind", "per_year"),
    [
        ("Salaire : 2 500 € brut mensuel", "stated", (30_000, 30_000)),
        ("2500 € bruts / mois sur 13 mois", "stated", (32_500, 32_500)),
        ("2000€ brut/mois x 13", "stated", (26_000, 26_000)),
        ("26 k€ brut annuel sur 13 mois", "stated", (26_000, 26_000)),
        ("Entre 35 000 € et 42 000 € brut par an", "stated", (35_000, 42_000)),
        ("30K€ à 35K€ brut annuel + variable", "stated", (30_000, 35_000)),
        ("35/40 K€ bruts annuels selon exp", "stated", (35_000, 40_000)),
        ("45 000€ - 55 000€ brut annuel", "stated", (45_000, 55_000)),
        ("Minimum 12,50€ brut de l’heure", "stated", (22_750, None)),
        ("38 K€ brut annuel minimum", "stated", (38_000, None)),
        ("jusqu'à 45 k€ brut annuel", "stated", (None, 45_000)),
        ("2000€ brut mensuel / 39h", "stated", (24_000, 24_000)),
        ("taux horaire brut : 13,50 €", "stated", (24_570, 24_570)),
        ("Rémunération annuelle brute : 40 000 €", "stated", (40_000, 40_000)),
        ("40 Keuros brut annuel", "stated", (40_000, 40_000)),
        ("1200€ brut mensuel", "implausible", (None, None)),
        ("500 000 € brut annuel", "implausible", (None, None)),
        ("45000€ brut mensuel", "implausible", (None, None)),  # a remark is never corrected
        ("2000€ brut mensuel + prime 200€", "unreadable", (None, None)),
        ("2 000€ brut/mois soit 1560€ net", "unreadable", (None, None)),
        ("12€ brut de l'heure, 24h/semaine", "unreadable", (None, None)),
        ("1200€ brut mensuel temps partiel", "unreadable", (None, None)),
        ("200€ brut par jour", "unreadable", (None, None)),
        ("45 k€ brut annuel + 10% variable", "unreadable", (None, None)),
        ("+ 25 000 € brut annuel", "unreadable", (None, None)),
        ("prime de 500€ brut mensuel", "unreadable", (None, None)),
        ("Niveau 4 échelon 2 : 2100€ brut mensuel", "unreadable", (None, None)),
        ("2100€ brut mensuel coef 240", "unreadable", (None, None)),
        ("3000 CHF brut mensuel", "unreadable", (None, None)),
        ("35 - 30 k€ brut annuel", "unreadable", (None, None)),
        ("2.500 € brut mensuel", "stated", (30_000, 30_000)),
        ("2000 € brut mensuel ou 12 € brut horaire", "unreadable", (None, None)),
        ("Salaire brut annuel de 30000 à 3", "unreadable", (None, None)),  # cut by the source
        ("brut annuel de 28 k€ à", "unreadable", (None, None)),
        ("brut mensuel 2300", "unreadable", (None, None)),
        ("Taux horaire 12.50€", "unreadable", (None, None)),
        ("ticket restaurant 9€", "unreadable", (None, None)),
        ("CCN 51 coef 477", "absent", (None, None)),
        ("13ème mois", "absent", (None, None)),
    ],
)
def test_a_remark_is_read_only_if_gross_with_its_period_and_alone(
    comment: str, kind: str, per_year: tuple[float | None, float | None]
) -> None:
    read = read_pay(None, comment)
    assert (read.salary_kind, read[7:]) == (kind, per_year)
    assert read.salary_source == (None if kind == "absent" else "comment")


@pytest.mark.parametrize(
    ("label", "comment", "kind", "rule"),
    [
        ("Mensuel de 2000 Euros", "2400 € brut mensuel", "stated", "as_written"),
        ("Mensuel de 2000 Euros", "net", "unreadable", "net_amount"),
        ("Mensuel de 2000 Euros", "2000€ nets", "unreadable", "net_amount"),
        ("Mensuel de 2000 Euros", "soit 1560€ net", "stated", "as_written"),
        ("Horaire de 11.88 Euros", "% du SMIC selon l’âge", "unreadable", "share_of_minimum_wage"),
        ("Horaire de 11.88 Euros", "+10% IFM +10% CP", "stated", "as_written"),
        ("Annuel de", "35 k€ brut annuel", "stated", "as_written"),
        ("Annuel de", "Selon profil", "unreadable", "no_amount"),
        ("2 000 € net par mois", "2600 € brut mensuel", "stated", "as_written"),
        ("2 000 € net par mois", "selon profil", "unreadable", "net_amount"),
        ("Mensuel de 4500 CHF", "4500 CHF", "unreadable", "foreign_currency"),
        ("Selon profil", "35 k€ brut annuel", "stated", "as_written"),
        ("Selon profil", "12 € de l'heure", "unreadable", "no_safe_amount"),
        ("Selon profil", "CCN 66", "absent", "no_amount"),
        ("Cachet de 120 Euros", "net", "unreadable", "net_amount"),
        (None, None, "absent", "nothing_written"),
        ("", "  ", "absent", "nothing_written"),
    ],
)
def test_beside_a_label_a_remark_can_only_take_it_back(
    label: str | None, comment: str | None, kind: str, rule: str
) -> None:
    assert read_pay(label, comment)[:2] == (kind, rule)


def test_what_is_written_stands_beside_the_correction() -> None:
    assert read_pay("Mensuel de 55000 Euros à 45000,50 Euros sur 13 mois", None) == Pay(
        salary_kind="corrected",
        salary_rule="wrong_period+bounds_swapped",
        salary_source="label",
        salary_period="year",
        salary_min_eur=55_000.0,
        salary_max_eur=45_000.5,
        salary_month_count=13.0,
        salary_min_eur_per_year=45_000.5,
        salary_max_eur_per_year=55_000.0,
    )


def test_the_least_pay_is_the_lowest_minimum_wage_of_the_table() -> None:
    assert least_by_period() == {"hour": 11.27, "month": 1709.0, "year": 20_000.0}


def sound(read: Pay) -> bool:
    per_year = [amount for amount in read[7:] if amount is not None]
    return (
        read.salary_kind in KINDS
        and bool(read.salary_rule)
        and bool(per_year) == (read.salary_kind in ("stated", "corrected"))
        and per_year == sorted(per_year)
        # 15,488 is Mayotte's minimum wage of 2023; 16 pays make a year's pay a third larger
        and all(15_488 <= amount <= 200_000 * 16 / 12 for amount in per_year)
    )


WORDS = """
    Horaire Mensuel Annuel Autre Cachet De de à ï¿½ Euros € k€ sur mois 12 13.0 0.0 1801.8 2000,00 35 000
    45000 brut net annuel / heure l' - % + . A partir entre et SMIC
"""
PIECES = st.sampled_from(WORDS.split())


@given(st.none() | st.text(), st.none() | st.text())
def test_any_text_gives_a_pay(label: str | None, comment: str | None) -> None:
    assert sound(read_pay(label, comment))


@given(
    st.lists(PIECES, max_size=14).map(" ".join),
    st.lists(PIECES, max_size=10).map(" ".join) | st.none(),
)
def test_any_words_of_pay_give_a_pay(label: str, comment: str | None) -> None:
    assert sound(read_pay(label, comment))
    assert sound(read_pay(None, label))


@given(
    st.sampled_from(
        [("Horaire", 1_820, 1_200), ("Mensuel", 12, 180_000), ("Annuel", 1, 2_100_000)]
    ),
    st.lists(st.floats(1, 4.9), min_size=2, max_size=2).map(sorted),
    st.sampled_from(["{}", "{:.2f}", "{:.2f},"]),
)
def test_amounts_come_back_as_written(
    period: tuple[str, int, int], factors: list[float], form: str
) -> None:
    word, per_year, least_cents = period
    low, high = (round(least_cents * factor) / 100 for factor in factors)
    texts = [
        form.format(amount).replace(".", ",").rstrip(",")
        if form.endswith(",")
        else form.format(amount)
        for amount in (low, high)
    ]
    read = read_pay(f"{word} de {texts[0]} Euros à {texts[1]} Euros", None)
    assert (read.salary_kind, read.salary_min_eur, read.salary_max_eur) == ("stated", low, high)
    assert read[7:] == (round(low * per_year, 2), round(high * per_year, 2))


@given(st.integers(0, 999_999_999), st.sampled_from([" ", "\xa0", "\u202f"]))
def test_thousands_may_stand_apart(amount: int, blank: str) -> None:
    assert number_of(fold(f"{amount:,}".replace(",", blank))) == amount


@pytest.mark.parametrize(
    "unit", ["1", "1 ", "9 999 ", "a", "de ", "1,", "k€", "brut ", "l'", "- 1", "/", "%1", "é"]
)
def test_no_text_takes_long(unit: str) -> None:
    text = unit * (LONGEST_CHARS // len(unit))
    started = time.process_time()
    for tail in ("", " Euros", " brut annuel", "!"):
        assert sound(pay._read.__wrapped__(text + tail, text + tail))
    assert time.process_time() - started < 0.1  # measured: below 2 ms for all four
    assert read_pay(unit * 5_000, None)[:3] == ("unreadable", "too_long", "label")
    assert read_pay(None, unit * 5_000)[:3] == ("unreadable", "too_long", "comment")
    assert read_pay("Horaire de 12 Euros", unit * 5_000)[:3] == ("stated", "as_written", "label")


@pytest.mark.skipif(
    not REAL_OFFERS.exists(),
    reason=f"no file of real offers: {REAL_OFFERS} (JOBMARKET_REAL_OFFERS)",
)
def test_every_real_label_is_classified() -> None:
    with gzip.open(REAL_OFFERS) as lines:
        salaries = [json.loads(line).get("salaire") or {} for line in lines]
    reads = [(s, read_pay(s.get("libelle"), s.get("commentaire"))) for s in salaries]
    assert [s for s, read in reads if not sound(read) or read.salary_rule == "unknown_shape"] == []
    assert all(read.salary_source == "label" for s, read in reads if s.get("libelle"))
