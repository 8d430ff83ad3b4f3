from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from jobmarket.foundation.period import Kind, period_around
from jobmarket.report.coverage import Side, difference
from jobmarket.report.facts import PeriodFacts
from jobmarket.report.headline import Comparison, Headline, headline
from jobmarket.report.words.fr import headline as fr
from jobmarket.report.words.fr import news as fr_news

from tests.support.loaded_day import DAY
from tests.support.report_facts import COUNTS, answers, facts

if TYPE_CHECKING:
    from jobmarket.report.answers import Answers


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def told(found: Headline, asked: Answers) -> list[tuple[str, str, str]]:
    """Return what each comparison is with, its change and its diagnosis, in French."""
    return [
        (
            plain(fr.against(one, asked.facts)),
            plain(fr.change(one.difference)) if one.difference else "",
            plain(fr.diagnosis(one.difference) if one.difference else fr.why(one, asked.facts)),
        )
        for one in found.comparisons
    ]


def test_a_day_beside_yesterday_a_week_ago_and_the_usual() -> None:
    # a week ago was a holiday: it is shown, but it is not what is usual
    asked = answers(history={1: 0.9, 7: 0.5, 14: 0.98, 21: 1.0, 28: 1.02})
    found = headline(asked)
    assert told(found, asked) == [
        (
            "La veille, mardi 17 novembre",
            "+11,1 %",
            "Le marché a bougé ; la couverture est la même.",
        ),
        (
            "Mercredi précédent, 11 novembre, férié",
            "+100 %",
            "Le marché a bougé ; la couverture est la même.",
        ),
        (
            "Un mercredi habituel",
            "0 %",
            "Stable : l’écart ne dépasse pas les variations ordinaires.",
        ),
    ]
    assert (found.band, found.references) == ((39_200, 40_800), 3)
    assert plain(fr.band(found, asked.facts)) == (
        "3 mercredis comparables en quatre semaines : de 39 200 à 40 800 ; ce jour est dans cette bande."
    )
    difference = found.comparisons[0].difference
    assert difference
    assert plain(fr.amount(difference)) == ("40 000 offres, contre 36 000 : 4 000 de plus")


@pytest.mark.parametrize(
    ("share", "diagnosis"),
    [(1.03, "unchanged"), (1.06, "market"), (0.97, "unchanged"), (0.93, "market")],
)
def test_what_days_vary_by_anyway_is_no_movement(share: float, diagnosis: str) -> None:
    # the usual days lie 5 percent around their mean
    counts = {"all": {"": (round(10_000 * share), round(30_000 * share))}}
    asked = answers(
        facts(offers=round(40_000 * share)), counts=counts, history={14: 0.95, 21: 1.0, 28: 1.05}
    )
    found = headline(asked).comparisons[-1].difference
    assert found is not None
    assert found.diagnosis == diagnosis


@pytest.mark.parametrize(
    ("history", "said"),
    [
        ({14: 1.1, 21: 1.2}, "ce jour est au-dessous."),
        ({14: 0.9, 21: 0.8}, "ce jour est au-dessus."),
        ({14: 0.9}, "Un seul mercredi comparable en quatre semaines : 36 000 offres."),
    ],
)
def test_band(history: dict[int, float], said: str) -> None:
    asked = answers(history=history)
    assert plain(fr.band(headline(asked), asked.facts)).endswith(said)


def test_what_is_missing_is_said() -> None:
    asked = answers(history={})
    found = headline(asked)
    assert [why for _, _, why in told(found, asked)] == [
        "Cette journée manque à la comparaison.",
        "Cette journée manque à la comparaison.",
        (
            "Pas encore de niveau habituel : aucun jour comparable certifié dans les quatre semaines "
            "précédentes."
        ),
    ]
    assert (found.band, found.news) == (None, [])
    assert fr_news.no_news(found).startswith("Sans jours comparables certifiés")


def test_a_sample_is_compared_with_nothing() -> None:
    asked = answers(facts(is_sample=True, certificate={"certified": False}))
    found = headline(asked)
    assert {one.why for one in found.comparisons} == {"incomplete"}
    assert found.news == []


def test_an_unproved_day_is_compared_without_a_verdict() -> None:
    asked = answers(facts(certificate={"certified": False}), history={1: 0.9})
    assert told(headline(asked), asked)[0][2] == (
        "Indécidable : une des deux lectures n’est pas certifiée."
    )


def test_a_gap_is_coverage() -> None:
    proof = {"certified": False, "gap": 4_000, "collected": 36_000}
    asked = answers(
        facts(certificate=proof, offers=36_000),
        counts={
            "all": {"": (9_000, 27_000)},
            "partner": {"JOBATOUT": (0, 17_000), "EMPLOIVIF": (0, 10_000)},
        },
        history={14: 1.0},
    )
    assert told(headline(asked), asked)[-1] == (
        "Un mercredi habituel",
        "−10,0 %",
        "La couverture a changé, pas le marché. Offres annoncées et non lues : 4 000 de plus ici.",
    )


FEED_IS_GONE: dict[str, Any] = {
    "all": {"": (10_000, 20_000)},
    "partner": {"JOBATOUT": (0, 20_000)},
}


def test_an_absent_feed_is_named() -> None:
    asked = answers(facts(offers=30_000), counts=FEED_IS_GONE, history={14: 1.0, 21: 1.0})
    found = headline(asked)
    assert told(found, asked)[-1] == (
        "Un mercredi habituel",
        "−25,0 %",
        "La couverture a changé, pas le marché. Flux absent : EMPLOIVIF (10 000 de moins).",
    )
    assert found.disrupted


def news(found: Headline) -> list[str]:
    return [
        plain(
            f"{fr_news.kind_of(group)} {fr_news.name_of(group, found)} {fr_news.change_of(group)} : "
            f"{fr_news.numbers_of(group)} ; {fr_news.origin_of(group, found)}"
        )
        for group in found.news
    ]


def test_what_moved_is_told_with_its_origin() -> None:
    moved = {
        "rome": {"M1805": (900, 700), "K1304": (900, 1_600), "J1501": (100, 150)},
        "departement": {**COUNTS["departement"], "33": (400, 1_230)},  # 2 percent: chance
    }
    found = headline(answers(counts=moved, history={14: 1.0, 21: 1.0}))
    assert news(found) == [
        (
            "Métier Développeur / Développeuse informatique +60,0 % : 1 600 offres contre 1 000 "
            "habituellement ; porté par les dépôts à France Travail : marché"
        ),
        (
            "Métier Employé familial / Employée familiale −16,7 % : 2 500 offres contre 3 000 "
            "habituellement ; porté par les partenaires, aux flux habituels : marché"
        ),
    ]


def test_an_excess_of_partners_may_be_coverage_when_their_feeds_changed() -> None:
    moved = FEED_IS_GONE | {"rome": {"M1805": (300, 900), "K1304": (900, 1_400)}}
    found = headline(answers(facts(offers=30_000), counts=moved, history={14: 1.0}))
    assert "porté par les partenaires : couverture possible" in news(found)[0]


def test_one_kind_does_not_fill_the_screen() -> None:
    many = {f"D{number}": (1_000, 0) for number in range(6)}
    found = headline(
        answers(
            counts={"contract_type": many, "departement": COUNTS["departement"]},
            usual={"contract_type": dict.fromkeys(many, (100, 0))},
            history={14: 1.0},
        )
    )
    kinds = [group.dimension for group in found.news]
    assert kinds.count("contract_type") == 3


def test_nothing_moved_is_said() -> None:
    found = headline(answers(history={14: 1.0}))
    assert found.news == []
    assert fr_news.no_news(found).startswith("Aucun contrat, département")


def test_a_holiday_is_said() -> None:
    day = date(2026, 11, 11)
    holiday = facts(day=day)
    holiday = type(holiday)(
        source=holiday.source,
        period=holiday.period._replace(start=day, end=day),
        runs=holiday.runs,
    )
    assert plain(fr.lede(holiday)).endswith("Jour férié : mercredi 11 novembre.")
    assert DAY - timedelta(days=7) == day


@pytest.mark.parametrize(
    ("kind", "key", "cautions"),
    [
        # a week ago was a holiday; on Sunday, 1 November 2026, nobody works anyway
        ("day", date(2026, 11, 18), ["", "Un jour férié fausse la comparaison.", ""]),
        ("day", date(2026, 11, 11), ["Un jour férié fausse la comparaison."] * 2 + [""]),
        (
            "day",
            date(2026, 11, 23),  # a Monday
            ["Un jour ouvré et un jour de week-end ne se comparent guère.", "", ""],
        ),
        ("day", date(2026, 11, 22), ["", "", ""]),  # Sunday beside Saturday
        # of a week and a month, what is unlike is left out and named
        ("week", date(2026, 11, 18), ["", ""]),
        ("month", date(2026, 10, 1), ["", "", ""]),
    ],
)
def test_what_makes_the_sides_unlike(kind: Kind, key: date, cautions: list[str]) -> None:
    period = period_around(kind, key)
    whole = facts()
    asked = answers(type(whole)(source=whole.source, period=period, runs=whole.runs))
    found = headline(asked).comparisons
    assert [fr.caution(one, asked.facts) for one in found] == cautions


@pytest.mark.parametrize(
    ("offers", "partners", "is_said"),
    [(40, 30, True), (40, 3, False), (40, 38, False), (40, 40, True), (40, 0, True)],
)
def test_a_share_of_a_handful_is_not_said(offers: int, partners: int, is_said: bool) -> None:
    said = fr.lede(facts(offers=offers, partner_offers=partners))
    assert ("viennent de sites partenaires" in said) is is_said


def test_a_trade_is_named_as_the_offers_of_the_period_call_it() -> None:
    moved = {"rome": {"M1202": (900, 700), "K1304": (900, 1_600), "J1501": (100, 150)}}
    usual = {"rome": {"M1202": (300, 700), "K1304": (900, 2_100), "J1501": (100, 150)}}
    told = answers(counts=moved, usual=usual, history={14: 1.0, 21: 1.0})
    today = headline(told)
    assert news(today)[0].startswith("Métier Auditeur comptable et financier")
    then = headline(told._replace(trade_labels={"M1202": "Agent / Agente d'audit"}))
    assert news(then)[0].startswith("Métier Agent / Agente d’audit ")


def test_another_nomenclature_of_activities_is_said() -> None:
    old, new = {"naf_division": {"62": (50, 0)}}, {"naf_division": {"2025-62": (50, 0)}}
    assert fr_news.nomenclature(headline(answers(counts=old, usual=old))) == ""
    said = plain(fr_news.nomenclature(headline(answers(counts=new, usual=old))))
    assert said.startswith("La NAF 2025 remplace la NAF rév. 2 le 1er janvier 2027")


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        (40_000, 40_000, "40 000 offres des deux côtés"),
        (0, 40_000, "0 offre, contre 40 000 : 40 000 de moins"),
        (40_001, 40_000, "40 001 offres, contre 40 000 : 1 de plus"),
        (39_999, 40_000, "39 999 offres, contre 40 000 : 1 de moins"),
        (39_999.8, 40_000.4, "40 000 offres des deux côtés"),  # less than one
        (12, 0, "12 offres, contre 0 : 12 de plus"),
        (1, 3, "1 offre, contre 3 : 2 de moins"),
        (0, 0, "0 offre des deux côtés"),
    ],
)
def test_a_difference_never_reads_as_a_number_of_offers(
    now: float, before: float, said: str
) -> None:
    found = difference(Side(now, 0, {}), Side(before, 0, {}))
    assert plain(fr.amount(found)) == said


def test_the_days_of_a_week_that_are_compared_are_counted_and_the_others_named() -> None:
    week = period_around("week", DAY)
    runs = [
        facts(day=day, certificate={"certified": day.weekday() != 1}).runs[0]
        for day in week.days
        if day.weekday() != 4
    ]
    asked = PeriodFacts(source="france_travail", period=week, runs=runs)
    compared = [day for day in week.days if day.weekday() not in (1, 2, 4)]
    one = Comparison("usual", None, compared, None)
    assert plain(fr.compared(one, asked)) == (
        "4 jours comparés sur 7, les mêmes des deux côtés. Laissés de côté : 17 novembre (non "
        "certifié) ; 18 novembre (sans jour comparable en face) ; 20 novembre (non lu)."
    )
    whole = Comparison("usual", None, week.days, None)
    assert plain(fr.compared(whole, asked)) == "7 jours comparés sur 7, les mêmes des deux côtés."
    assert fr.compared(one._replace(days=[]), asked) == fr.compared(one, facts()) == ""


def test_a_holiday_is_compared_with_no_ordinary_day() -> None:
    period = period_around("day", date(2026, 11, 11))
    whole = facts(day=period.start)
    asked = answers(type(whole)(source=whole.source, period=period, runs=whole.runs))
    last = headline(asked).comparisons[-1]
    assert (last.why, last.difference) == ("holiday", None)
    assert plain(fr.why(last, asked.facts)).startswith("Jour férié :")
