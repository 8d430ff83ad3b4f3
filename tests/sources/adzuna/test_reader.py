"""Ads of Adzuna as columns of the warehouse: contract, texts, place, pay; all ads are invented."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jobmarket.offers.conclude import conclude
from jobmarket.offers.reading import ContractBreach, Notes
from jobmarket.sources.adzuna.ad import IGNORED, Ad, read_ad
from jobmarket.sources.adzuna.pay import pay_of
from jobmarket.sources.adzuna.place import place_of
from jobmarket.sources.adzuna.question import CATEGORIES
from jobmarket.sources.adzuna.values import names_work_study, rows_of

from sandbox.adzuna import categories

if TYPE_CHECKING:
    from jobmarket.enrich.place.location import Location

AD: dict[str, Any] = {
    "__CLASS__": "Adzuna::API::Response::Job",
    "id": "5401234567",
    "adref": "eyJhbGciOiJIUzI1NiJ9.e30.AAAA",
    "title": "Data Engineer H/F",
    "description": "Vous construisez des flux avec Python et Airflow. Deux jours de télétravail par semaine…",
    "created": "2026-11-18T23:12:44Z",
    "redirect_url": "https://www.adzuna.fr/land/ad/5401234567?se=x&utm_medium=api&utm_source=masked&v=H",
    "company": {"__CLASS__": "Adzuna::API::Response::Company", "display_name": "EXEMPLE SAS"},
    "location": {
        "__CLASS__": "Adzuna::API::Response::Location",
        "display_name": "Lyon, Rhône",
        "area": ["France", "Auvergne-Rhône-Alpes", "Rhône", "Lyon"],
    },
    "category": {
        "__CLASS__": "Adzuna::API::Response::Category",
        "tag": "it-jobs",
        "label": "Emplois Informatique",
    },
    "latitude": 45.75,
    "longitude": 4.85,
    "salary_min": 38_000,
    "salary_max": 45_000,
    "salary_is_predicted": "0",
    "contract_type": "permanent",
    "contract_time": "full_time",
}


def read(notes: Notes | None = None, **changes: Any) -> Ad:
    fields = {name: value for name, value in (AD | changes).items() if value is not ...}
    return read_ad(msgspec.json.encode(fields), notes or Notes({}, {}))


def values_of(ad: Ad, notes: Notes | None = None) -> dict[str, Any]:
    """Return the columns of an ad that have a value, what is concluded from them included."""
    rows = rows_of(ad, notes or Notes({}, {}))
    conclude([rows], Notes({}, {}))
    found = msgspec.structs.asdict(rows.offer)
    return {name: value for name, value in found.items() if value is not None}


def values(**changes: Any) -> dict[str, Any]:
    return values_of(read(**changes))


def test_an_ad_fills_the_columns_that_mean_the_same() -> None:
    assert values() == {
        "source": "adzuna",
        "offer_id": "5401234567",
        "created_on": date(2026, 11, 19),  # 23:12 in London is past midnight in Paris
        "created_at": datetime(2026, 11, 18, 23, 12, 44, tzinfo=UTC),
        "origin_code": "0",
        "title": "Data Engineer H/F",
        "description": AD["description"],
        "latitude": 45.75,
        "longitude": 4.85,
        "is_coordinates_swapped": False,
        "place_label": "Lyon, Rhône",
        "company_name": "EXEMPLE SAS",
        "contract_type_code": "CDI",
        "contract_type_label": "permanent",
        "working_time_category_label": "Temps plein",
        "category_code": "it-jobs",
        "category_label": "Emplois Informatique",
        "located_commune_code": "69123",
        "departement_code": "69",
        "region_code": "84",
        "place_kind": "commune",
        "place_method": "label",
        "place_confidence": "high",
        "salary_kind": "stated",
        "salary_rule": "as_written",
        "salary_source": "numbers",
        "salary_period": "year",
        "salary_min_eur": 38_000.0,
        "salary_max_eur": 45_000.0,
        "salary_min_eur_per_year": 38_000.0,
        "salary_max_eur_per_year": 45_000.0,
        "salary_mid_eur_per_year": 41_500.0,
        "salary_mid_rule": "as_read",
        "is_minimum_wage": False,
        "telework_kind": "partial",
        "telework_rule": "measured",
        "technology_codes": ("airflow", "python"),
    }


def test_an_ad_with_nothing_but_what_must_be() -> None:
    few = read_ad(b'{"id":"7","title":"Serveur","created":"2026-11-18T06:12:44Z"}', Notes({}, {}))
    assert values_of(few) == {
        "source": "adzuna",
        "offer_id": "7",
        "created_on": date(2026, 11, 18),
        "created_at": datetime(2026, 11, 18, 6, 12, 44, tzinfo=UTC),
        "origin_code": "0",
        "title": "Serveur",
        "is_coordinates_swapped": False,
        "place_kind": "unknown",
        "place_method": values_of(few)["place_method"],
        "salary_kind": "absent",
        "salary_rule": "nothing_written",
    }


def test_technologies_are_looked_for_in_title_and_text_and_not_in_names() -> None:
    found = values(title="Boulanger", description="", company={"display_name": "Oracle"})
    assert "technology_codes" not in found
    assert values(title="Développeur Java", description="")["technology_codes"] == ("java",)


def test_an_empty_text_is_absent() -> None:
    found = values(description="", company={"display_name": ""}, contract_type="")
    assert not {"description", "company_name", "contract_type_label"} & found.keys()


# --- the contract


@pytest.mark.parametrize("name", ["id", "title", "created"])
def test_what_every_ad_must_have(name: str) -> None:
    value: Any
    for value in (..., None, [], {}, 3.5, "" if name != "created" else None):
        with pytest.raises(ContractBreach, match=name):
            values(**{name: value})


@pytest.mark.parametrize("record", [b"", b"[]", b"7", b'"x"', b"{", b"null", b'{"id":"1"}'])
def test_a_record_that_is_no_ad(record: bytes) -> None:
    with pytest.raises(ContractBreach):
        read_ad(record, Notes({}, {}))


@pytest.mark.parametrize("title", [" ", "\n", "---", "\u200b", "…"])
def test_a_title_without_a_letter_names_no_job(title: str) -> None:
    with pytest.raises(ContractBreach, match="title"):
        read(title=title)


@pytest.mark.parametrize("created", ["", "soon", "2026-11-18", "2026-11-18T06:12:44", "0001-01-01"])
def test_a_creation_without_its_zone_is_no_instant(created: str) -> None:
    with pytest.raises(ContractBreach, match="created"):
        values(created=created)


@pytest.mark.parametrize("created", ["2026-11-18T07:12:44+01:00", "2026-11-18T06:12:44.000Z"])
def test_other_ways_to_write_the_same_instant(created: str) -> None:
    assert values(created=created)["created_at"] == datetime(2026, 11, 18, 6, 12, 44, tzinfo=UTC)


def test_an_id_may_be_a_number() -> None:
    assert values(id=5_401_234_567)["offer_id"] == "5401234567"


@pytest.mark.parametrize(
    ("changes", "drift"),
    [
        ({"is_sponsored": True}, "is_sponsored"),
        ({"location": {"display_name": "Lyon", "geohash": "u05"}}, "location.geohash"),
        ({"company": {"display_name": "X", "siren": "1"}}, "company.siren"),
        ({"category": {"tag": "it-jobs", "rank": 1}}, "category.rank"),
        ({"latitude": "45.75"}, "latitude of another type"),
        ({"longitude": []}, "longitude of another type"),
        ({"salary_min": "38000"}, "salary_min of another type"),
        ({"salary_max": -1}, "salary_max of another type"),
        ({"salary_is_predicted": []}, "salary_is_predicted of another type"),
        ({"company": "EXEMPLE"}, "company of another type"),
        ({"location": {"area": "Lyon"}}, "location of another type"),
        ({"location": {"area": [1]}}, "location of another type"),
        ({"category": 3}, "category of another type"),
        ({"contract_type": 1}, "contract_type of another type"),
        ({"description": ["a"]}, "description of another type"),
        ({"contract_type": "freelance"}, "contract_type=freelance"),
        ({"contract_time": "temps_choisi"}, "contract_time=temps_choisi"),
    ],
)
def test_what_the_contract_does_not_know_is_told_and_the_ad_is_read(
    changes: dict[str, Any], drift: str
) -> None:
    notes = Notes({}, {})
    assert read(notes, **changes).title == AD["title"]
    assert notes.drift == {drift: 1}


def test_several_unknown_fields_of_several_sorts() -> None:
    notes = Notes({}, {})
    ad = read(notes, new=1, latitude="x", salary_max={}, company=[1])
    assert (ad.latitude, ad.salary_max, ad.company, ad.salary_min) == (None, None, None, 38_000.0)
    assert sorted(notes.drift) == [
        "company of another type",
        "latitude of another type",
        "new",
        "salary_max of another type",
    ]


def test_what_is_ignored_may_be_anything_and_has_a_reason() -> None:
    notes = Notes({}, {})
    read(notes, adref=3, redirect_url=None, full_description=["x"], salary_currency={"a": 1})
    read(notes, company={"display_name": "X", "canonical_name": 1, "count": "y"})
    assert notes.drift == {}
    assert all(len(reason) > 5 for reason in IGNORED.values())


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from([*AD, "more"]),
        st.recursive(
            st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False)
            | st.integers(-(10**18), 10**18) | st.text(max_size=8),
            lambda inner: st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["area", "tag", "display_name", "x"]), inner, max_size=3),
            max_leaves=8,
        ),
        max_size=6,
    )
)  # fmt: skip
def test_any_json_is_an_ad_or_breaches_the_contract(changes: dict[str, Any]) -> None:
    record = json.dumps(AD | changes).encode()
    try:
        ad = read_ad(record, Notes({}, {}))
        found = values_of(ad)
    except ContractBreach:
        return
    assert found["offer_id"]
    assert found["created_on"]


def test_the_categories_asked_for_are_those_of_the_stand_in() -> None:
    assert sorted(CATEGORIES) == sorted(categories.TAGS)


# --- texts


@pytest.mark.parametrize(
    ("written", "read_as", "repair"),
    [
        ("Développeur <strong>Python</strong>", "Développeur Python", None),
        ("Chef <STRONG>de</STRONG> projet", "Chef de projet", None),
        ("R&amp;D", "R&D", "entities_decoded"),
        ("R&amp;amp;D", "R&D", "entities_decoded"),
        (
            "Ing&eacute;nieur &lt;strong&gt;Java&lt;/strong&gt;",
            "Ingénieur Java",
            "entities_decoded",
        ),
        ("Salaire < 30 k€ & primes", "Salaire < 30 k€ & primes", None),
        ("a\0b", "ab", "nul_removed"),
        ("écrire à jean.exemple@exemple.fr", "écrire à [adresse e-mail masquée]", "emails_masked"),
        ("appeler le 01 99 00 12 34", "appeler le [téléphone masqué]", "phones_masked"),
        ("jean&#64;exemple.fr", "[adresse e-mail masquée]", "emails_masked"),
    ],
)
@pytest.mark.parametrize("name", ["title", "description"])
def test_texts_are_read_as_persons_read_them_and_without_contacts(
    name: str, written: str, read_as: str, repair: str | None
) -> None:
    notes = Notes({}, {})
    assert getattr(read(notes, **{name: written}), name) == read_as
    if repair:
        assert notes.repairs[repair] == 1


def test_contacts_reach_no_column_and_no_message() -> None:
    notes = Notes({}, {})
    contact = "jean.exemple@exemple.fr"
    found = values_of(
        read(
            notes,
            company={"display_name": contact},
            location={"display_name": contact, "area": ["France", contact]},
            category={"tag": contact, "label": contact},
            contract_type=contact,
            **{contact: 1},
        ),
        notes,
    )
    assert contact not in repr(found)
    assert contact not in repr(notes)
    assert notes.repairs == {"emails_masked": 1}


# --- where


@pytest.mark.parametrize(
    ("area", "shown", "point", "place"),
    [
        ("France|Auvergne-Rhône-Alpes|Rhône|Lyon", "Lyon, Rhône", None, ("69123", "69", "commune", "high")),
        ("France|Ile-de-France|Paris", "Paris, Ile-de-France", None, ("75056", "75", "commune", "high")),
        ("France|Ile-de-France|Paris|Paris 9ème", "", None, ("75109", "75", "commune", "high")),
        ("France|Ile-de-France|Paris|9ème arrondissement", "", None, ("75056", "75", "commune", "high")),
        # the arrondissement is called after its chief town
        ("France|Ile-de-France|Hauts-de-Seine|Antony|Châtenay-Malabry", "", None,
         ("92019", "92", "commune", "high")),
        ("France|Ile-de-France|Hauts-de-Seine|Nanterre|La Défense", "", None,
         ("92050", "92", "commune", "medium")),
        # the same name elsewhere
        ("France|Bretagne|Morbihan|Saint-Avé", "", None, ("56206", "56", "commune", "high")),
        ("France|Nouvelle-Aquitaine|Vienne|Vienne", "", None, (None, "86", "departement", "high")),
        ("France|Auvergne-Rhône-Alpes|Isère|Vienne", "", None, ("38544", "38", "commune", "high")),
        # regions of before 2016
        ("France|Rhône-Alpes|Rhône|Villeurbanne", "", None, ("69266", "69", "commune", "high")),
        ("France|Rhône-Alpes", "", None, (None, None, "region", None)),
        ("France|Occitanie|Hérault", "Hérault, Occitanie", None, (None, "34", "departement", "high")),
        ("France|Bretagne", "Bretagne", None, (None, None, "region", "high")),
        ("France", "France", None, (None, None, "france", "high")),
        ("France|La Réunion|Saint-Denis", "", None, ("97411", "974", "commune", "high")),
        ("France|La Réunion|La Réunion|Saint-Denis", "", None, ("97411", "974", "commune", "high")),
        ("France|Corse|Haute-Corse|Bastia", "", None, ("2B033", "2B", "commune", "high")),
        # a point makes finer what names leave open
        ("France|Occitanie|Haute-Garonne", "", (43.6045, 1.444), ("31555", "31", "commune", None)),
        ("", "Lyon, Rhône", None, (None, None, None, None)),
        ("", "", (43.6045, 1.444), ("31555", "31", "commune", None)),
        ("", "", None, (None, None, "unknown", None)),
        ("France|Nulle part|Rien|Personne", "", None, (None, None, None, None)),
    ],
)  # fmt: skip
def test_where_an_ad_is(
    area: str,
    shown: str,
    point: tuple[float, float] | None,
    place: tuple[str | None, str | None, str | None, str | None],
) -> None:
    names = tuple(area.split("|")) if area else ()
    found: Location = place_of(names, shown or None, *(point or (None, None)))
    commune, departement, kind, confidence = place
    if kind is not None:
        assert found.place_kind == kind
        assert (found.located_commune_code, found.departement_code) == (commune, departement)
    if confidence is not None:
        assert found.place_confidence == confidence


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from(["France", "Rhône", "Lyon", "Paris", "", "Bretagne", "x", "75"]), max_size=6),
    st.none() | st.text(max_size=10),
    st.none() | st.floats(-90, 90),
    st.none() | st.floats(-180, 180),
)  # fmt: skip
def test_any_area_gives_an_answer(
    area: list[str], shown: str | None, latitude: float | None, longitude: float | None
) -> None:
    assert place_of(tuple(area), shown, latitude, longitude).place_kind


def test_swapped_coordinates_are_put_right_and_told() -> None:
    notes = Notes({}, {})
    found = values_of(read(latitude=4.85, longitude=45.75), notes)
    assert (found["latitude"], found["longitude"]) == (45.75, 4.85)
    assert found["is_coordinates_swapped"]
    assert notes.repairs == {"coordinates_swapped": 1}


# --- what it pays


@pytest.mark.parametrize(
    ("low", "high", "predicted", "kind", "rule", "per_year"),
    [
        (38_000, 45_000, "0", "stated", "as_written", (38_000, 45_000)),
        (38_000, 38_000, "0", "stated", "as_written", (38_000, 38_000)),
        (38_000, None, "0", "stated", "as_written", (38_000, None)),
        (None, 45_000, "0", "stated", "as_written", (None, 45_000)),
        (38_000, 45_000, 0, "stated", "as_written", (38_000, 45_000)),
        (38_000, 45_000, False, "stated", "as_written", (38_000, 45_000)),
        (45_000, 38_000, "0", "corrected", "bounds_swapped", (38_000, 45_000)),
        (0, 45_000, "0", "corrected", "zero_bound_dropped", (None, 45_000)),
        (2_100, 2_400, "0", "corrected", "wrong_period", (25_200, 28_800)),
        (12, 13, "0", "corrected", "wrong_period", (21_840, 23_660)),
        (30, 45, "0", "corrected", "thousands", (30_000, 45_000)),
        (900_000, 900_000, "0", "implausible", "above_maximum", (None, None)),
        (10_000, 11_000, "0", "implausible", "below_minimum_wage", (None, None)),
        (22_000, 190_000, "0", "implausible", "range_too_wide", (None, None)),
        # an estimate is never a stated pay, however it is marked
        (38_000.5, 38_000.5, "1", "estimated", "source_estimate", (None, None)),
        (38_000, 45_000, 1, "estimated", "source_estimate", (None, None)),
        (38_000, 45_000, True, "estimated", "source_estimate", (None, None)),
        (38_000, 45_000, "2", "estimated", "source_estimate", (None, None)),
        (38_000, 45_000, "true", "estimated", "source_estimate", (None, None)),
        (38_000, 45_000, "", "estimated", "source_estimate", (None, None)),
        (38_000, 45_000, " 0", "estimated", "source_estimate", (None, None)),
        (38_000, 45_000, None, "estimated", "origin_not_said", (None, None)),
        (None, None, "0", "absent", "nothing_written", (None, None)),
        (None, None, "1", "absent", "nothing_written", (None, None)),
        (0, 0, "0", "absent", "nothing_written", (None, None)),
        (None, None, None, "absent", "nothing_written", (None, None)),
    ],
)
def test_what_an_ad_pays(
    low: float | None,
    high: float | None,
    predicted: Any,
    kind: str,
    rule: str,
    per_year: tuple[float | None, float | None],
) -> None:
    pay = pay_of(low, high, predicted)
    assert (pay.salary_kind, pay.salary_rule) == (kind, rule)
    assert (pay.salary_min_eur_per_year, pay.salary_max_eur_per_year) == per_year
    if kind == "estimated":
        assert (pay.salary_min_eur, pay.salary_max_eur) == (low, high)


@settings(max_examples=100, deadline=None)
@given(
    st.none() | st.floats(0, 1e9),
    st.none() | st.floats(0, 1e9),
    st.none() | st.text(max_size=3) | st.integers(1, 9) | st.just(True),
    st.sampled_from(["full_time", "part_time", ...]),
)
def test_an_estimate_has_no_figure_that_statistics_are_made_of(
    low: float | None, high: float | None, predicted: Any, time: Any
) -> None:
    if predicted == "0":
        return
    found = values(
        salary_min=low, salary_max=high, salary_is_predicted=predicted, contract_time=time
    )
    assert found["salary_kind"] in ("absent", "estimated")
    figures = ("salary_mid_eur_per_year", "salary_min_eur_per_year", "salary_max_eur_per_year")
    assert not any(name in found for name in (*figures, "is_minimum_wage", "salary_mid_rule"))


def test_part_time_and_work_study_have_no_figure_either() -> None:
    part = values(contract_time="part_time")
    assert part["working_time_category_label"] == "Temps partiel"
    assert (part["salary_mid_rule"], "salary_mid_eur_per_year" in part) == (
        "part_time_unclear",
        False,
    )
    study = values(title="Data Engineer en alternance")
    assert study["is_work_study"] is True
    assert (study["salary_mid_rule"], "salary_mid_eur_per_year" in study) == ("work_study", False)


# --- contract and working time


@pytest.mark.parametrize(
    ("said", "code"), [("permanent", "CDI"), ("contract", None), ("freelance", None), (..., None)]
)
def test_a_contract_has_a_code_only_where_it_means_the_same(said: Any, code: str | None) -> None:
    found = values(contract_type=said)
    assert found.get("contract_type_code") == code
    assert found.get("contract_type_label") == (None if said is ... else said)


@pytest.mark.parametrize(
    ("title", "is_one"),
    [
        ("Alternance - Data Engineer (H/F)", True),
        ("Développeur web en alternance", True),
        ("Alternant comptable", True),
        ("ALTERNANTE RH", True),
        ("Apprenti boulanger", True),
        ("Apprentie coiffeuse H/F", True),
        ("Contrat d'apprentissage BTS MCO", True),
        ("Assistant commercial - contrat pro", True),
        ("Contrat de professionnalisation vendeur", True),
        ("Boulanger H/F", False),
        ("Chargé de recrutement en alternance", True),
        ("Conseillère clientèle en alternance", True),
        ("Commercial H/F (alternance)", True),
        ("Poste d'alternant en maintenance", True),
        ("Responsable du centre de formation des apprentis", False),
        ("Chargée du développement de l'alternance", False),
        ("Coordinatrice des alternants H/F", False),
        ("Formateur d’apprentis", False),
        ("Technicien courant alternatif", False),
        ("Assistant de direction", False),
    ],
)
def test_work_study_is_read_in_the_title(title: str, is_one: bool) -> None:
    assert names_work_study(title) is is_one
    assert values(title=title).get("is_work_study") == (is_one or None)
