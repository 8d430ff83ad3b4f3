from __future__ import annotations

import ast
import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from jobmarket.foundation.checks import CheckResult, judge
from jobmarket.foundation.lake.manifest import Witness
from jobmarket.foundation.period import Period, day_period, parse_period
from jobmarket.report import reference
from jobmarket.report.analyses import contracts, pay, places
from jobmarket.report.analyses import days as analysis_of_days
from jobmarket.report.analyses import hours as analysis_of_hours
from jobmarket.report.facts import PeriodFacts
from jobmarket.report.tables import (
    SMALL,
    Cell,
    Change,
    Euros,
    Excess,
    Rate,
    RowKind,
    Table,
)
from jobmarket.report.words.fr import (
    attribution,
    certificate,
    checks,
    headline,
    page,
    proof,
    typography,
    values,
)
from jobmarket.report.words.fr import map as fr_map

from tests.support.report_facts import facts, run_facts


def plain(text: str) -> str:
    """Return the text with ordinary spaces, to be read in a test."""
    return text.replace("\u202f", " ").replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("number", "written"), [(0, "0"), (999, "999"), (39812, "39\u202f812"), (-1234, "−1\u202f234")]
)
def test_integer(number: int, written: str) -> None:
    assert typography.integer(number) == written


@pytest.mark.parametrize(
    ("share", "written"),
    [
        (0, "0 %"),
        (1, "100 %"),
        (0.5804, "58,0 %"),
        (0.0004, "moins de 0,1 %"),
        (0.0005, "0,1 %"),
        (0.9996, "plus de 99,9 %"),
        (0.9995, "plus de 99,9 %"),
        (0.9994, "99,9 %"),
        (12.5, "1 250,0 %"),
    ],
)
def test_percent_never_rounds_a_part_to_nothing_or_to_the_whole(share: float, written: str) -> None:
    assert plain(typography.percent(share)) == written


def test_dates_and_times_are_those_of_paris() -> None:
    midnight_in_winter = datetime(2026, 11, 30, 23, 5, tzinfo=UTC)
    assert plain(typography.moment(midnight_in_winter)) == "1er décembre 2026 à 0 h 05"
    summer = datetime(2026, 7, 14, 22, 5, tzinfo=UTC)
    assert plain(typography.moment(summer)) == "15 juillet 2026 à 0 h 05"
    assert plain(typography.day_long(date(2026, 11, 18))) == "mercredi 18 novembre 2026"
    assert plain(typography.day_short(date(2026, 2, 3))) == "3 févr."


def test_punctuation_never_starts_a_line() -> None:
    assert typography.typeset("« a » : b ; c ! d ? 5 %") == (
        "«\u00a0a\u00a0»\u00a0: b\u202f; c\u202f! d\u202f? 5\u202f%"
    )


def test_zero_is_singular() -> None:
    assert plain(typography.counted(0, "offre", "offres")) == "0 offre"
    assert plain(typography.counted(2, "offre", "offres")) == "2 offres"


@pytest.mark.parametrize(
    ("code", "label"),
    [("59", "Nord (59)"), ("2A", "Corse-du-Sud (2A)"), ("974", "La Réunion (974)")],
)
def test_departement(code: str, label: str) -> None:
    assert values.departement(code) == label


def test_unknown_codes_stay_as_they_are() -> None:
    assert values.departement("99") == "99"
    assert values.contract("XYZ") == "XYZ"
    assert values.contract("MIS") == "Intérim"


def groups(*rows: tuple[str, int, RowKind]) -> Table:
    total = sum(offers for _, offers, _ in rows)
    return Table(
        [label for label, _, _ in rows],
        {
            "offers": [offers for _, offers, _ in rows],
            "share": [offers / total for _, offers, _ in rows],
        },
        [kind for _, _, kind in rows],
    )


@pytest.mark.parametrize(
    ("finding", "table", "sentence"),
    [
        (
            contracts.contracts_finding,
            groups(("CDI", 60, "group"), ("Intérim", 25, "group"), ("CDD", 15, "group")),
            "En tête : CDI, 60,0 % des offres, puis Intérim (25,0 %) et CDD (15,0 %).",
        ),
        (
            contracts.contracts_finding,
            groups(("CDI", 60, "group")),
            "En tête : CDI, 100 % des offres.",
        ),
        (
            contracts.contracts_finding,
            groups(("Autres", 60, "other")),
            "Aucun type de contrat n’atteint le seuil d’affichage.",
        ),
        (
            places.places_finding,
            groups(("Nord (59)", 50, "group"), ("Autres", 50, "other")),
            "Nord (59) arrive en tête avec 50 offres, soit 50,0 % du total.",
        ),
        (
            places.places_finding,
            groups(("A", 50, "group"), ("B", 20, "group"), ("C", 10, "group"), ("D", 20, "other")),
            (
                "A arrive en tête avec 50 offres, soit 50,0 % du total ; "
                "les 3 premiers départements en réunissent 80,0 %."
            ),
        ),
        (
            places.places_finding,
            groups(("X", 9, "missing")),
            "Aucun département n’atteint le seuil d’affichage.",
        ),
        (
            places.wider_places_finding,
            groups(("France", 30, "group"), ("Autres", 8, "other")),
            (
                "38 offres n’indiquent aucun département identifiable ; "
                "la mention la plus fréquente est « France »."
            ),
        ),
        (
            places.wider_places_finding,
            groups(("Autres", 8, "other")),
            "8 offres n’indiquent aucun département identifiable.",
        ),
    ],
)
def test_finding(finding: Any, table: Table, sentence: str) -> None:
    assert plain(finding(table)) == sentence


def hours(**counts: int) -> Table:
    cells: list[Cell] = [counts.get(f"h{hour}", 0) for hour in range(24)]
    return Table(
        [analysis_of_hours.hour(hour) for hour in range(24)], {"all": cells}, ["group"] * 24
    )


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        (
            hours(h9=10, h10=30, h11=40, h12=20),
            (
                "L’heure la plus dense est 11 h, avec 40 offres (40,0 %) ; "
                "la moitié des offres a paru entre 10 h et 12 h."
            ),
        ),
        (
            hours(h23=7),
            (
                "L’heure la plus dense est 23 h, avec 7 offres (100 %) ; "
                "la moitié des offres a paru entre 23 h et 24 h."
            ),
        ),
        (hours(), "Aucune heure n’atteint 5 offres."),
    ],
)
def test_hours_finding(table: Table, sentence: str) -> None:
    assert plain(analysis_of_hours.hours_finding(table)) == sentence


def days(certified: list[Cell], uncertified: list[Cell] | None = None) -> Table:
    series = {"certified": certified, "uncertified": uncertified or [None] * len(certified)}
    labels = [f"jour\u00a0{number}" for number in range(len(certified))]
    return Table(labels, series, ["group"] * len(certified))


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        (
            days([80, None, 100, 90], [None, 30, None, None]),
            "Les journées certifiées vont de 80 offres (jour 0) à 100 (jour 2).",
        ),
        (
            days([80, None, None, 1_000]),
            (
                "Les journées certifiées vont de 80 offres (jour 0) à 1 000 (jour 3) ; "
                "2 jours n’ont pas été lus."
            ),
        ),
        (
            days([None, 100], [50, None]),
            (
                "Moins de deux journées certifiées : aucune comparaison n’est possible "
                "(0 jour n’a pas été lu)."
            ),
        ),
    ],
)
def test_days_finding(table: Table, sentence: str) -> None:
    assert plain(analysis_of_days.days_finding(table)) == sentence


def test_day_is_named_by_its_weekday_and_short_below_the_axis() -> None:
    label = analysis_of_days.day_label(date(2026, 11, 18))
    assert (plain(label), plain(analysis_of_days.DAYS.text.tick(label))) == (
        "mer. 18 nov.",
        "18 nov.",
    )


@pytest.mark.parametrize(
    ("numbers", "value", "bounds"),
    [
        ({"observed": 0.9712, "fail_below": 0.8, "warn_below": 0.88}, "97,1 %", "au moins 88 %"),
        (
            {"observed": 0.2, "warn_below": 0.6, "warn_above": 0.92},
            "20 %",
            "au moins 60 %, au plus 92 %",
        ),
        ({"observed": 0.001, "warn_above": 0.001}, "0,1 %", "au plus 0,1 %"),
        ({"observed": None}, "—", "—"),
    ],
)
def test_check_of_a_share(numbers: dict[str, float | None], value: str, bounds: str) -> None:
    result = CheckResult(name="x_share", verdict="passed", sentence="", **numbers)
    assert plain(checks.check_value(result)) == value
    assert plain(checks.check_bounds(result)) == bounds


def test_check_of_a_count() -> None:
    row = {"observed": 1, "fail_below": 0, "fail_above": 0, "warn_below": None, "warn_above": None}
    result = judge("new_check", row)
    assert checks.check_name(result) == "new_check"
    assert (checks.check_value(result), checks.check_bounds(result)) == ("1", "0")
    assert checks.verdict(result) == "échoué"


def witness(kind: str, query: str, *, expected: int = 1, announced: int = 1) -> Witness:
    agrees = expected == announced
    return Witness(kind=kind, query=query, expected=expected, announced=announced, agrees=agrees)


WITNESSES = [
    witness("clock", "a", announced=0),  # missed at first; another offer of that hour was given
    *(witness("clock", query) for query in "bc"),
    *(witness("whole", query) for query in "ddef"),
]


@pytest.mark.parametrize(
    ("changes", "title", "text"),
    [
        (
            {},
            "Journée certifiée",
            (
                "Toute offre que France Travail a donnée, du début à la fin de la lecture, aux requêtes "
                "portant sur les dates du jour a été lue : 40 000 offres."
            ),
        ),
        (
            {"certificate": {"withdrawn": 17, "witnesses": WITNESSES}},
            "Journée certifiée",
            (
                "Toute offre que France Travail a donnée, du début à la fin de la lecture, aux requêtes "
                "portant sur les dates du jour a été lue : 40 000 offres, dont 17 n’étaient plus données à "
                "la fin. La journée a ensuite été redécoupée et redemandée : 3 morceaux concordent. "
                "L’horloge du filtre de dates a été vérifiée sur des offres connues, en 2 questions."
            ),
        ),
        (
            {"certificate_version": 1},
            "Journée certifiée selon les règles antérieures",
            (
                "Chaque tranche de la journée a été comparée au total qu’annonce France Travail : les "
                "40 000 offres annoncées ont toutes été lues. Les règles actuelles veulent en plus que la "
                "journée soit redemandée pour vérification."
            ),
        ),
        (
            {"is_sample": True, "certificate": {"certified": False, "collected": 450, "gap": 3}},
            "Échantillon : ces chiffres ne décrivent pas la journée",
            (
                "La lecture a été arrêtée volontairement après 450 offres. Ni les volumes ni les "
                "parts de cette page ne doivent être cités."
            ),
        ),
        (
            {"certificate": {"certified": False, "collected": 39600, "gap": 400}},
            "Journée incomplète",
            (
                "Il manque 400 offres annoncées que France Travail n’a jamais remises (1,0 % du total). "
                "La journée est publiée malgré ce manque, sur demande expresse : un écart avec un "
                "autre jour peut venir de là."
            ),
        ),
        (
            {"certificate": {"certified": False}},
            "Journée non certifiée",
            (
                "40 000 offres lues sans manque constaté, mais la lecture ne prouve pas que la "
                "journée est entière."
            ),
        ),
    ],
)
def test_standing(changes: dict[str, Any], title: str, text: str) -> None:
    run = facts(**changes)
    assert plain(certificate.standing_title(run)) == title
    assert plain(certificate.standing_text(run)) == text


@pytest.mark.parametrize(
    ("versions", "title", "text"),
    [
        (
            [2, 2, 2, 2, 2, 2, 2],
            "Période certifiée, jour par jour",
            (
                "Jour par jour, toute offre que France Travail a donnée, du début à la fin de la "
                "lecture, aux "
                "requêtes portant sur les dates du jour a été lue : 280 000 offres, dont 7 n’étaient plus "
                "données à la fin."
            ),
        ),
        (
            [1, 1, 2, 2, 2, 2, 2],
            "Période certifiée, jour par jour, dont 2 jours selon les règles antérieures",
            (
                "Certifiés selon les règles antérieures, qui comparent chaque tranche à son seul "
                "total : du 16 "
                "au 17 novembre. Les autres jours, toute offre que France Travail a donnée, du "
                "début à la fin "
                "de la lecture, aux requêtes portant sur les dates du jour a été lue : 200 000 "
                "offres, dont 5 "
                "n’étaient plus données à la fin."
            ),
        ),
        (
            [1, 1, 1, 1, 1, 1, 1],
            "Période certifiée, jour par jour, dont 7 jours selon les règles antérieures",
            (
                "Certifiés selon les règles antérieures, qui comparent chaque tranche à son seul "
                "total : du 16 "
                "au 22 novembre."
            ),
        ),
        (
            [2, 2, 2, 2, 2, 2],
            "Période incomplète, 6 jours certifiés sur 7",
            "Non lu, et absent de tous les totaux : 22 novembre.",
        ),
        (
            [1, 2, 2, 2, 2, 2],
            "Période incomplète, 6 jours certifiés sur 7",
            (
                "Non lu, et absent de tous les totaux : 22 novembre. Certifié selon les règles "
                "antérieures, qui "
                "comparent chaque tranche à son seul total : 16 novembre."
            ),
        ),
    ],
)
def test_a_week_says_which_of_its_days_the_older_rules_certify(
    versions: list[int], title: str, text: str
) -> None:
    week = parse_period("week", "2026-W47", "")
    runs = [
        run_facts(day=day, certificate_version=version, certificate={"withdrawn": 1})
        for day, version in zip(week.days, versions, strict=False)
    ]
    about = PeriodFacts(source="france_travail", period=week, runs=runs)
    assert plain(certificate.standing_title(about)) == title
    assert plain(certificate.standing_text(about)) == text
    words = [row[1] for row in certificate.days_of(about)]
    older = {1: "certifié selon les règles antérieures", 2: "certifié"}
    assert words == [older[version] for version in versions] + ["non lu"] * (7 - len(versions))


NOT_CERTIFIED = {"certified": False, "doubts": ["Some English sentence."]}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, []),
        ({"certificate": {"doubts": []}}, []),
        (
            {"certificate": NOT_CERTIFIED},
            [
                (
                    "La lecture ne prouve pas la journée ; ses chiffres ne disent pas pourquoi, "
                    "le manifeste de la collecte (manifest.json) le dit."
                )
            ],
        ),
        (
            {"certificate": NOT_CERTIFIED | {"witnesses": WITNESSES}},
            [
                (
                    "Horloge du filtre de dates, vérifiée sur des offres connues : "
                    "1 question sur 3 sans la réponse attendue."
                )
            ],
        ),
        (
            {
                "certificate": NOT_CERTIFIED
                | {"witnesses": [witness("whole", "a"), witness("whole", "b", expected=4)]}
            },
            [
                "Journée redemandée par morceaux : 1 question sur 2 en désaccord avec ce qui a été lu."
            ],
        ),
        (
            {"certificate": NOT_CERTIFIED | {"witnesses": [witness("other", "a", expected=4)]}},
            ["Vérification de la lecture : 1 question sur 1 sans la réponse attendue."],
        ),
        (
            {
                "certificate": NOT_CERTIFIED
                | {"collected": 0, "announced": 0, "witnesses": [witness("zero", "w", announced=9)]}
            },
            [
                (
                    "Aucune offre n’a été donnée, mais le reste de la semaine alentour ne l’explique pas : "
                    "elle en annonce 9, ses autres jours 1."
                )
            ],
        ),
        (
            {"is_sample": True, "certificate": NOT_CERTIFIED},
            [],
        ),
        (
            {"certificate": NOT_CERTIFIED | {"gap": 3, "announced": 40_003}},
            [],
        ),
        (
            {
                "rejected": 1,
                "certificate": {
                    "undated": 2,
                    "misdated": 1,
                    "broken_pages": ["a"],
                    "filter_shift_s": -3600,
                },
            },
            [
                "2 offres lues n’ont pas de date de création lisible.",
                "1 offre donnée porte une date de création autre que celles demandées.",
                "1 réponse était endommagée : ses offres n’ont pas pu y être distinguées.",
                "1 offre lue ne respecte pas le format attendu et reste hors des chiffres.",
                "Le filtre de dates est décalé de −3 600 s par rapport aux dates de création.",
            ],
        ),
    ],
)
def test_what_a_certificate_doubts_and_found_besides(
    changes: dict[str, Any], said: list[str]
) -> None:
    run = facts(**changes)
    assert [plain(sentence) for sentence in proof.doubts(run) + proof.remarks(run)] == said


def test_numbers_and_reading() -> None:
    run = facts(rejected=12, offers=39988)
    assert [(plain(value), name) for value, name in certificate.numbers(run)] == [
        ("40 000", "annoncées"),
        ("40 000", "lues"),
        ("0", "manquantes"),
        ("12", "écartées"),
        ("39 988", "analysées"),
    ]
    assert plain(certificate.reading(run)) == (
        "Lues chez France Travail le 19 novembre 2026 à 5 h 08 (heure de Paris), en 38 requêtes et "
        "19 Mo ; 0 doublon retiré."
    )


def test_checks_summary() -> None:
    good = CheckResult(name="rome_share", verdict="passed", sentence="", observed=1.0)
    odd = CheckResult(
        name="partner_share", verdict="warned", sentence="", observed=0.2, warn_below=0.6
    )
    assert certificate.checks_summary(facts()) == "Les contrôles n’ont pas été exécutés."
    assert plain(certificate.checks_summary(facts(checks=[good]))) == "1 contrôle, aucune anomalie."
    assert plain(certificate.checks_summary(facts(checks=[good, odd]))) == (
        "2 contrôles, dont 1 à regarder : offres venues de sites partenaires, 20 % "
        "(attendu : au moins 60 %)."
    )


def test_drift_is_said_in_short() -> None:
    assert certificate.drift(facts()) == ""
    assert plain(certificate.drift(facts(drift={"b": 1, "a": 9}))) == (
        "Champs nouveaux dans les données de France Travail, non repris ici : a, b."
    )
    many = certificate.drift(facts(drift={f"champ{number}": 1 for number in range(9)}))
    assert plain(many).endswith("champ0, champ1, champ2, champ3, champ4 et 4 autres.")


def test_a_figure_keeps_its_source_and_its_warning() -> None:
    assert plain(page.figure_source(facts())) == "Source : France Travail, lu le 19 novembre 2026"
    sample = facts(is_sample=True)
    assert plain(page.figure_source(sample)) == (
        "Source : France Travail, 19 nov. 2026 · échantillon"
    )


def test_cells() -> None:
    cells = (1234, 0.25, SMALL, None, Change(-0.031), Excess(85), Euros(31_200), Rate(12.34))
    assert [plain(page.cell(cell)) for cell in cells] == [
        *("1 234", "25,0 %", "moins de 5", "—"),
        *("−3,1 %", "+85", "31 200 €", "12,3"),
    ]


def test_empty_day_is_said() -> None:
    empty = facts(
        offers=0, partner_offers=0, updated_at=None, certificate={"announced": 0, "collected": 0}
    )
    assert headline.lede(empty) == "Aucune offre de cette période n’est dans la base."
    assert plain(certificate.standing_text(empty)) == (
        "Du début à la fin de la lecture, France Travail n’a donné aucune offre aux requêtes portant sur les "
        "dates du jour."
    )
    week = [witness("zero", "week", expected=9, announced=9)]
    verified = facts(offers=0, certificate={"announced": 0, "collected": 0, "witnesses": week})
    assert plain(certificate.standing_text(verified)).endswith(
        "La semaine alentour, demandée aussi, ne laisse place à aucune offre ce jour-là."
    )
    old = facts(certificate_version=1, certificate={"announced": 0, "collected": 0})
    assert "aucune offre n’est annoncée" in certificate.standing_text(old)
    assert (
        plain(attribution.update(empty))
        == "Données lues le 19 novembre 2026 à 5 h 08 (heure de Paris)."
    )


@pytest.mark.parametrize(
    ("share", "written"),
    [
        (0.0, "0 %"),
        (0.0004, "0 %"),
        (-0.0004, "0 %"),
        (0.042, "+4,2 %"),
        (-0.5, "−50,0 %"),
        (-1.0, "−100 %"),
        (1.5, "+150 %"),
        (11.0, "× 12"),
    ],
)
def test_signed_percent(share: float, written: str) -> None:
    assert plain(typography.signed_percent(share)) == written


def test_lists_and_elision() -> None:
    assert typography.and_list([]) == ""
    assert typography.and_list(["a"]) == "a"
    assert typography.and_list(["a", "b", "c"]) == "a, b et c"
    assert plain(typography.of("avril 2026")) == "d’avril 2026"
    assert plain(typography.of("mai 2026")) == "de mai 2026"


@pytest.mark.parametrize(
    ("period", "title"),
    [
        (day_period(date(2026, 11, 1)), "du dimanche 1er novembre 2026"),
        (parse_period("week", "2026-W47", ""), "de la semaine 47, du 16 au 22 novembre 2026"),
        (
            parse_period("week", "2026-W05", ""),
            "de la semaine 5, du 26 janvier au 1er février 2026",
        ),
        (parse_period("week", "2026-W23", ""), "de la semaine 23, du 1er au 7 juin 2026"),
        (
            parse_period("week", "2026-W53", ""),
            "de la semaine 53, du 28 décembre 2026 au 3 janvier 2027",
        ),
        (parse_period("month", "2026-10", ""), "d’octobre 2026"),
        (parse_period("month", "2026-11", ""), "de novembre 2026"),
    ],
)
def test_title(period: Period, title: str) -> None:
    assert plain(page.title(period)) == f"Les offres d’emploi {title}"


def test_wider_places_are_named() -> None:
    labels = ("france", "region 44", "region 99", "Monaco", "?")
    assert [places.wider_place(label) for label in labels] == [
        *("France entière", "Grand Est", "region 99", "Monaco", "Aucune mention"),
    ]


def test_codes_of_the_market_are_named() -> None:
    assert values.domain("M") == "Support à l’entreprise"
    assert pay.pay_group("K1304") == values.trade("K1304") != "K1304"
    assert values.technology("python") == "Python"
    assert (values.trade("Z9999"), values.technology("new"), values.domain("Z")) == (
        *("Z9999", "new", "Z"),
    )
    # every domain of ROME has a short name
    letters = {code for code in reference.trades() if len(code) == 1}
    assert {letter for letter in letters if values.domain(letter) == values.trade(letter)} <= {
        *"HIJLMN"
    }


def test_classes_of_the_map() -> None:
    texts = fr_map.classes((6.34, 9.5, 12.4))
    assert [plain(text) for text in texts] == [
        *("moins de 6,3", "6,3 à 9,5", "9,5 à 12", "12 et plus"),
    ]
    assert plain(fr_map.tooltip("59", None)) == "Nord (59) : moins de 5 offres"
    assert plain(fr_map.tooltip("59", 12.34)) == ("Nord (59) : 12,3 offres pour 100 000 habitants")


REPORT = Path(page.__file__).parents[2]


def test_only_words_and_analyses_speak_french() -> None:
    """French is in ``words/fr`` and in the analyses: nothing else has a word for the reader."""
    template = (REPORT / "templates" / "report.html.jinja").read_text()
    body = template.partition("<body>")[2]
    bare = re.sub(r"<[^>]*>", "", re.sub(r"{[{%].*?[}%]}", "", body))
    assert re.findall(r"[^\W\d_]", bare) == []
    assert re.findall(r'(?:aria-label|alt|title)="(?!{{)[^"]+"', template) == []
    for file in REPORT.glob("*.py"):
        if file.stem == "persons":  # it reads French, it does not speak it
            continue
        tree = ast.parse(file.read_text())
        docstrings = {
            id(node.value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        }
        said = [
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in docstrings
        ]
        assert [text for text in said if re.search("[àâçéèêëîïôùûœ’«»]", text)] == [], file.name


@pytest.mark.parametrize(
    ("days", "written"),
    [
        ([], ""),
        ([date(2026, 11, 10)], "10 novembre"),
        (
            [date(2026, 11, number) for number in (1, 2, 5, 7, 8)],
            "du 1er au 2 novembre, 5 novembre et du 7 au 8 novembre",
        ),
        ([date(2026, 10, 31), date(2026, 11, 1)], "du 31 octobre au 1er novembre"),
    ],
)
def test_days_in_a_row_are_said_together(days: list[date], written: str) -> None:
    assert plain(typography.day_ranges(days)) == written


def test_an_island_is_no_departement() -> None:
    assert [
        code for code in ("59", "2A", "974", "975", "988", "99") if reference.is_departement(code)
    ] == [
        *("59", "2A", "974"),
    ]


def test_beside_medians_stands_who_is_paid_the_minimum_wage() -> None:
    table = Table(
        ["Support à l’entreprise", "Santé", "Transport"],
        {
            "offers": [300, 100, 20],
            "middle": [Euros(31_000), Euros(26_000), Euros(23_000)],
            "minimum": [0.1, 0.3, SMALL],  # what is not shown counts on neither side
        },
        ["group"] * 3,
    )
    assert pay.pay_finding(table).endswith(" 15,0\u202f% de ces salaires sont au SMIC.")
    table.series["minimum"][:] = [0.0, 0.0, SMALL]
    assert "SMIC" not in pay.pay_finding(table)
