"""The contract, field by field: what is read, ignored, reported, mended or rejected, and the rows of it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from jobmarket.enrich.contact.mask import mask
from jobmarket.enrich.place.coordinates import coordinates_are_swapped
from jobmarket.offers.conclude import conclude
from jobmarket.offers.reading import ContractBreach, Notes
from jobmarket.offers.schema import (
    JOB_OFFER,
    PARTS,
    Education,
    Language,
    Licence,
    Lineage,
    OfferRows,
    Partner,
    Skill,
)
from jobmarket.offers.state import OfferState, precedence
from jobmarket.sources.france_travail.contract.dates import instant
from jobmarket.sources.france_travail.contract.interpret import read_offer
from jobmarket.sources.france_travail.contract.offer import IGNORED, rows_of
from jobmarket.sources.france_travail.contract.records import identify, stated_day

OBSERVED_AT = datetime(2026, 11, 19, 4, tzinfo=UTC)

SMALLEST = {
    "id": "0123456",
    "intitule": "Boulanger (H/F)",
    "dateCreation": "2026-11-18T09:30:00.250Z",
    "origineOffre": {"origine": "1"},
}

# every field the contract knows, each with a value of its own
WHOLE: dict[str, Any] = {
    "id": "0123456",
    "intitule": "Boulanger (H/F)",
    "description": "Vous pétrissez.\nVous tenez les comptes sur Excel.",
    "dateCreation": "2026-11-18T09:30:00.250Z",
    "dateActualisation": "2026-11-18T10:00:00.000Z",
    "lieuTravail": {
        "libelle": "2A - AJACCIO",
        "latitude": 41.92,
        "longitude": 8.73,
        "codePostal": "20090",
        "commune": "2A004",
    },
    "romeCode": "D1102",
    "romeLibelle": "Boulanger / Boulangère",
    "appellationlibelle": "Ouvrier boulanger",
    "entreprise": {
        "nom": "Au Bon Levain",
        "description": "Une maison.",
        "logo": "https://exemple.invalid/logo.png",
        "url": "https://exemple.invalid/?a=1&lang=fr",
        "siret": "00012345600011",
        "entrepriseAdaptee": True,
    },
    "typeContrat": "CDD",
    "typeContratLibelle": "CDD - 6 Mois",
    "natureContrat": "Contrat travail",
    "experienceExige": "E",
    "experienceLibelle": "2 An(s)",
    "experienceCommentaire": "en boulangerie",
    "formations": [
        {
            "codeFormation": "21538",
            "domaineLibelle": "boulangerie",
            "niveauLibelle": "CAP, BEP et équivalents",
            "commentaire": "ou pâtisserie",
            "exigence": "S",
        }
    ],
    "langues": [{"libelle": "Anglais", "exigence": "S"}],
    "permis": [{"libelle": "B - Véhicule léger", "exigence": "E"}],
    "outilsBureautiques": ["Tableur"],
    "competences": [
        {"code": "110527", "libelle": "Pétrir", "exigence": "E"},
        {"libelle": "Cuire", "exigence": "S"},
    ],
    "salaire": {
        "libelle": "Mensuel de 2000.0 Euros sur 12.0 mois",
        "commentaire": "selon profil",
        "complement1": "Primes",
        "complement2": "Mutuelle",
        "listeComplements": [
            {"code": "1", "libelle": "Primes"},
            {"code": "2", "libelle": "Mutuelle"},
        ],
    },
    "dureeTravailLibelle": "35H/semaine",
    "dureeTravailLibelleConverti": "Temps plein",
    "complementExercice": "du mardi au samedi",
    "conditionExercice": "dès 4 h",
    "alternance": False,
    "contact": {"nom": "Une personne"},
    "agence": {"courriel": "personne@exemple.invalid"},
    "nombrePostes": 2,
    "accessibleTH": True,
    "deplacementCode": "1",
    "deplacementLibelle": "Jamais",
    "qualificationCode": "6",
    "qualificationLibelle": "Employé qualifié",
    "codeNAF": "10.71C",
    "secteurActivite": "10",
    "secteurActiviteLibelle": "Boulangerie et boulangerie-pâtisserie",
    "qualitesProfessionnelles": [{"libelle": "Travailler en équipe", "description": "Capacité."}],
    "trancheEffectifEtab": "6 à 9 salariés",
    "origineOffre": {
        "origine": "2",
        "urlOrigine": "https://exemple.invalid/0123456",
        "partenaires": [
            {
                "nom": "PARTENAIRE",
                "url": "https://exemple.invalid/9",
                "logo": "https://exemple.invalid/l",
            }
        ],
    },
    "offresManqueCandidats": False,
    "contexteTravail": {"horaires": ["35H/semaine"], "conditionsExercice": ["Travail de nuit"]},
    "entrepriseAdaptee": False,
    "employeurHandiEngage": True,
}


def encode(offer: Any) -> bytes:
    return json.dumps(offer, ensure_ascii=False, separators=(",", ":")).encode()


def notes() -> Notes:
    return Notes({}, {})


def rows(offer: Any, told: Notes | None = None) -> OfferRows:
    told = told or notes()
    return rows_of_record(encode(offer), told)


def rows_of_record(record: bytes, told: Notes) -> OfferRows:
    read = rows_of(read_offer(record, told), told, OBSERVED_AT)
    conclude([read], told)
    return read


def columns(offer: Any, told: Notes | None = None) -> dict[str, Any]:
    return msgspec.structs.asdict(rows(offer, told).offer)


def last_changed(offer: Any) -> datetime:
    lineage = Lineage(observed_at=OBSERVED_AT, content_hash=b"", run_id="r1", rules_hash=0)
    return precedence(OfferState(rows(offer), lineage))[0]


def changed(path: str, value: Any, offer: Any = WHOLE) -> dict[str, Any]:
    """Return the offer with a field set; in a list, in its first element."""
    copy: dict[str, Any] = json.loads(json.dumps(offer))
    *parents, last = path.split(".")
    at: Any = copy
    for name in parents:
        at = at.setdefault(name, {})
        at = at[0] if isinstance(at, list) else at
    at[last] = value
    return copy


def leaves(value: Any, path: str = "") -> list[str]:
    if isinstance(value, dict):
        return [leaf for name, below in value.items() for leaf in leaves(below, f"{path}.{name}")]
    if isinstance(value, list) and isinstance(value[0], dict):
        return leaves(value[0], path)
    return [path.removeprefix(".")]


def is_ignored(path: str) -> bool:
    return any(path == ignored or path.startswith(f"{ignored}.") for ignored in IGNORED)


def test_every_column_of_a_whole_offer() -> None:
    assert columns(WHOLE) == {
        "source": "france_travail",
        "offer_id": "0123456",
        "created_on": date(2026, 11, 18),
        "position_count": 2,
        "created_at": datetime(2026, 11, 18, 8, 30, 0, 250_000, UTC),
        "updated_at": datetime(2026, 11, 18, 9, 0, tzinfo=UTC),
        "latitude": 41.92,
        "longitude": 8.73,
        "is_coordinates_swapped": False,
        "is_work_study": False,
        "is_accessible_to_disabled": True,
        "is_adapted_company": True,
        "is_disability_employer": True,
        "is_short_of_candidates": False,
        "origin_code": "2",
        "title": "Boulanger (H/F)",
        "description": "Vous pétrissez.\nVous tenez les comptes sur Excel.",
        "place_label": "2A - AJACCIO",
        "commune_code": "2A004",
        "postcode": "20090",
        "rome_code": "D1102",
        "rome_label": "Boulanger / Boulangère",
        "rome_appellation_label": "Ouvrier boulanger",
        "company_name": "Au Bon Levain",
        "company_description": "Une maison.",
        "company_url": "https://exemple.invalid/?a=1&lang=fr",
        "company_siret_code": "00012345600011",
        "company_size_label": "6 à 9 salariés",
        "contract_type_code": "CDD",
        "contract_type_label": "CDD - 6 Mois",
        "contract_nature_label": "Contrat travail",
        "experience_code": "E",
        "experience_label": "2 An(s)",
        "experience_comment": "en boulangerie",
        "salary_label": "Mensuel de 2000.0 Euros sur 12.0 mois",
        "salary_comment": "selon profil",
        "salary_complement_1_label": "Primes",
        "salary_complement_2_label": "Mutuelle",
        "salary_complement_codes": ("1", "2"),
        "salary_complement_labels": ("Primes", "Mutuelle"),
        "working_time_label": "35H/semaine",
        "working_time_category_label": "Temps plein",
        "working_time_comment": "du mardi au samedi",
        "working_condition_comment": "dès 4 h",
        "working_condition_labels": ("Travail de nuit",),
        "travel_code": "1",
        "travel_label": "Jamais",
        "qualification_code": "6",
        "qualification_label": "Employé qualifié",
        "naf_code": "10.71C",
        "sector_code": "10",
        "sector_label": "Boulangerie et boulangerie-pâtisserie",
        "soft_skill_labels": ("Travailler en équipe",),
        "office_tool_labels": ("Tableur",),
        "category_code": None,
        "category_label": None,
        "located_commune_code": "2A004",
        "departement_code": "2A",
        "region_code": "94",
        "place_kind": "commune",
        "place_method": "commune_code",
        "place_confidence": "high",
        "salary_kind": "stated",
        "salary_rule": "as_written",
        "salary_source": "label",
        "salary_period": "month",
        "salary_min_eur": 2000.0,
        "salary_max_eur": 2000.0,
        "salary_month_count": 12.0,
        "salary_min_eur_per_year": 24000.0,
        "salary_max_eur_per_year": 24000.0,
        "salary_mid_eur_per_year": 24000.0,
        "salary_mid_rule": "as_read",
        "is_minimum_wage": False,
        "weekly_hours": 35.0,
        "contract_length_months": 6.0,
        "experience_months": 24,
        "telework_kind": None,
        "telework_rule": None,
        "technology_codes": ("excel",),
    }


def test_every_part_of_a_whole_offer() -> None:
    read = rows(WHOLE)
    assert {table.name: getattr(read, table.part) for table in PARTS} == {
        "job_offer_skill": [
            Skill(skill_code="110527", skill_label="Pétrir", requirement_code="E"),
            Skill(skill_label="Cuire", requirement_code="S"),
        ],
        "job_offer_language": [Language(language_label="Anglais", requirement_code="S")],
        "job_offer_licence": [Licence(licence_label="B - Véhicule léger", requirement_code="E")],
        "job_offer_education": [
            Education(
                level_label="CAP, BEP et équivalents",
                field_code="21538",
                field_label="boulangerie",
                education_comment="ou pâtisserie",
                requirement_code="S",
            )
        ],
        "job_offer_partner": [
            Partner(partner_name="PARTENAIRE", partner_url="https://exemple.invalid/9")
        ],
    }


def test_the_reader_fills_what_a_source_states_and_nothing_else() -> None:
    stated = rows_of(read_offer(encode(WHOLE), notes()), notes(), OBSERVED_AT)
    filled = {column.name for column in JOB_OFFER.declared if column.filled_by == "source"}
    values = msgspec.structs.asdict(stated.offer)
    of_others = {"category_code", "category_label"}
    assert {name for name, value in values.items() if value is not None} == filled - of_others


def test_what_is_absent_is_null() -> None:
    given_fields = {
        "source", "offer_id", "created_on", "created_at", "is_coordinates_swapped", "origin_code", "title",
        "place_kind", "place_method", "salary_kind", "salary_rule",
    }  # fmt: skip
    row = columns(SMALLEST)
    assert {name for name, value in row.items() if value is not None} == given_fields
    assert (row["place_kind"], row["salary_kind"]) == ("unknown", "absent")
    assert rows(SMALLEST) == OfferRows(rows(SMALLEST).offer)
    assert last_changed(SMALLEST) == row["created_at"]


@pytest.mark.parametrize(
    "offer",
    [
        SMALLEST
        | {
            "lieuTravail": {},
            "entreprise": {},
            "salaire": {},
            "contact": {},
            "contexteTravail": {},
        },
        SMALLEST | {"description": "", "romeCode": "", "lieuTravail": {"libelle": ""}},
        SMALLEST | {"description": None, "lieuTravail": None, "competences": None, "contact": None},
        SMALLEST | {"competences": [], "qualitesProfessionnelles": [], "outilsBureautiques": []},
    ],
    ids=["empty objects", "empty texts", "nulls", "empty lists"],
)
def test_empty_is_absent(offer: Any) -> None:
    assert rows(offer) == rows(SMALLEST)


@pytest.mark.parametrize("path", leaves(WHOLE))
def test_each_field_is_read_or_ignored_with_a_reason(path: str) -> None:
    at: Any = WHOLE
    for name in path.split("."):
        at = at[name]
        at = at[0] if isinstance(at, list) and isinstance(at[0], dict) else at
    others = {
        bool: not at,
        int: 7,
        float: 45.5,
        list: ["autre"],
        str: "1" if path.endswith("origine") else "Z",
    }
    other = others[type(at)]
    if path.startswith("date"):
        other = "2026-11-18T11:11:11.000Z"
    told = notes()
    # the top-level field counts only where the company says nothing
    before = changed("entreprise", {}) if path == "entrepriseAdaptee" else WHOLE
    after = changed(path, True if path == "entrepriseAdaptee" else other, before)
    assert (rows(after, told) == rows(before)) == is_ignored(path)
    assert [drift for drift in told.drift if "=" not in drift] == []


def test_reasons_name_fields_that_exist() -> None:
    known = leaves(WHOLE)
    assert all(any(p == path or p.startswith(f"{path}.") for p in known) for path in IGNORED)
    assert all(len(reason) > 10 for reason in IGNORED.values())


@pytest.mark.parametrize(
    ("path", "value", "drift"),
    [
        ("nouveau", 1, "nouveau"),
        ("lieuTravail.altitude", {"m": 3}, "lieuTravail.altitude"),
        ("competences.niveau", "x", "competences.niveau"),
        ("origineOffre.partenaires.pays", None, "origineOffre.partenaires.pays"),
        ("salaire.listeComplements.montant", 12.5, "salaire.listeComplements.montant"),
        ("typeContrat", "XYZ", "typeContrat=XYZ"),
        ("experienceExige", "F", "experienceExige=F"),
        ("origineOffre.origine", "3", "origineOffre.origine=3"),
    ],
)
def test_drift_is_reported_and_the_offer_read(path: str, value: Any, drift: str) -> None:
    told = notes()
    row = columns(changed(path, value), told)
    assert told.drift == {drift: 1}
    assert row["title"] == "Boulanger (H/F)"


@pytest.mark.parametrize("origin", [None, {}, {"origine": "3"}, {"origine": "0"}])
def test_an_offer_of_no_known_origin_is_read_and_told(origin: Any) -> None:
    told = notes()
    offer = {name: value for name, value in SMALLEST.items() if name != "origineOffre"}
    row = columns(offer | ({} if origin is None else {"origineOffre": origin}), told)
    assert row["origin_code"] == "0"
    code = (origin or {}).get("origine", "0")
    assert told.drift == {f"origineOffre.origine={code}": 1}


def test_drift_counts_offers_not_elements_and_is_bounded() -> None:
    told = notes()
    offer = SMALLEST | {
        "competences": [{"libelle": "a", "niveau": 1}, {"libelle": "b", "niveau": 2}]
    }
    rows(offer, told)
    rows(offer, told)
    assert told.drift == {"competences.niveau": 2}
    rows(SMALLEST | {f"champ{i}" * 50: 1 for i in range(300)}, told)
    assert len(told.drift) == 200
    assert max(map(len, told.drift)) == 120


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"id": None}, "Expected `str`, got `null` - at `$.id`"),
        ({"intitule": None}, "Expected `str`, got `null` - at `$.intitule`"),
        ({"intitule": ""}, "Expected `str` of length >= 1 - at `$.intitule`"),
        *(
            ({"intitule": blank}, "Expected a letter or a digit - at `$.intitule`")
            for blank in (
                " ",
                "   ",
                "\t\r\n",
                "\u00a0",
                "\u202f",
                "\u200b",
                "\ufeff",
                "-",
                "…",
                " - / ",
                "()",
            )
        ),
        ({"dateCreation": None}, "got `null` - at `$.dateCreation`"),
        ({"dateCreation": "18/11/2026"}, "Invalid RFC3339 encoded datetime - at `$.dateCreation`"),
        ({"dateCreation": "2026-02-30T10:00:00Z"}, "Invalid RFC3339 encoded datetime"),
        ({"dateCreation": "2026-11-18T10:00:00"}, "timezone component - at `$.dateCreation`"),
        ({"dateCreation": "2026-11-18T10:00:00+01:00"}, "Expected a date that ends in `Z`"),
        ({"dateCreation": "0001-01-01T00:00:00Z"}, "Expected a date"),
        ({"dateCreation": 1763458200}, "got `int` - at `$.dateCreation`"),
        ({"origineOffre": {"origine": "3" * 21}}, "length <= 20 - at `$.origineOffre.origine`"),
        ({"origineOffre": {"origine": True}}, "got `bool` - at `$.origineOffre.origine`"),
        ({"nombrePostes": "deux"}, "got `str` - at `$.nombrePostes`"),
        ({"nombrePostes": -1}, "`int` >= 0 - at `$.nombrePostes`"),
        ({"nombrePostes": 10**12}, "`int` <= 1000000 - at `$.nombrePostes`"),
        ({"lieuTravail": "Paris"}, "Expected `object | null`, got `str` - at `$.lieuTravail`"),
        ({"lieuTravail": {"latitude": "48.8 N"}}, "got `str` - at `$.lieuTravail.latitude`"),
        (
            {"competences": [{"code": "1"}]},
            "missing required field `libelle` - at `$.competences[0]`",
        ),
        ({"competences": [{"libelle": "a"}] * 1001}, "of length <= 1000 - at `$.competences`"),
        ({"alternance": "oui"}, "Expected `bool | null`, got `str` - at `$.alternance`"),
        (
            {"nouveau": 1, "alternance": "oui"},
            "Expected `bool | null`, got `str` - at `$.alternance`",
        ),
    ],
)
def test_a_breach_says_what_was_expected_and_where(change: dict[str, Any], reason: str) -> None:
    with pytest.raises(ContractBreach) as caught:
        rows(SMALLEST | change)
    assert reason in str(caught.value)


@pytest.mark.parametrize("name", sorted(SMALLEST.keys() - {"origineOffre"}))
def test_a_field_every_analysis_needs_is_missing(name: str) -> None:
    offer = {key: value for key, value in SMALLEST.items() if key != name}
    with pytest.raises(ContractBreach, match=f"missing required field `{name}`"):
        rows(offer)


@pytest.mark.parametrize(
    "record", [b"3", b"null", b"[]", b'"x"', b'{"id":"1\xff"}', rb'{"id":"\ud83d"}']
)
def test_a_record_that_is_no_offer(record: bytes) -> None:
    with pytest.raises(ContractBreach):
        read_offer(record, notes())


@pytest.mark.parametrize(
    ("record", "found"),
    [
        (b'{"id":"0123456","intitule":"x"}', "0123456"),
        (b'{"id":"193KRPK"}', "193KRPK"),
        (b'{ "intitule" : "x" , "id" : "7" }', "7"),
        (b'{"a":{"id":"9"},"id":"8"}', "8"),
        (b'{"id":""}', None),
        (b'{"id":12}', None),
        (b'{"id":null}', None),
        (b"{}", None),
        (b"null", None),
        (b'{"id":"a b"}', None),
        (rb'{"id":"a\u0000"}', None),
        ('{"id":"é"}'.encode(), None),
        (b'{"id":"123456789012345678901"}', None),
    ],
)
def test_identify(record: bytes, found: str | None) -> None:
    assert identify(record) == found


@pytest.mark.parametrize(
    ("record", "day"),
    [
        (encode(SMALLEST | {"intitule": 3}), "2026-11-18"),
        (b'{"dateCreation" : "2026-11-19T00:00:00Z"}', "2026-11-19"),
        (b'{"dateCreation":"hier"}', None),
        (b"{}", None),
    ],
)
def test_stated_day(record: bytes, day: str | None) -> None:
    assert stated_day(record) == day


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("d&eacute;j&agrave;", "déjà"),
        ("d&amp;eacute;j&#224;", "déjà"),
        ("d&amp;amp;eacute;j&#xE0;", "déjà"),
        ("d&amp;amp;amp;eacute;", "d&eacute;"),  # a fourth level is not decoded
        ("&quot;a&quot; \\ &#10;b&lt;p&gt;", '"a" \\ \nb<p>'),
        ("l&#x92;offre", "l’offre"),
        ("R&D, AT&T; &inconnu; &lang=fr &copy2024", "R&D, AT&T; &inconnu; &lang=fr &copy2024"),
        ("&amplifier; &notit;", "&amplifier; &notit;"),
        ("&#0;&#1;", "\ufffd"),
    ],
)
def test_entities(written: str, read: str) -> None:
    told = notes()
    row = columns(SMALLEST | {"description": written, "entreprise": {"nom": written}}, told)
    assert (row["description"], row["company_name"]) == (read, read)
    assert told.repairs == ({} if written == read else {"entities_decoded": 1})


@pytest.mark.parametrize(
    ("escaped", "read", "repairs"),
    [
        (rb"a\u0000b\u0000", "ab", {"nul_removed": 1}),
        (rb"a\\u0000b", r"a\u0000b", {}),
        (rb"a\\\u0000b", "a\\b", {"nul_removed": 1}),
        (rb"\u0026eacute;", "é", {"entities_decoded": 1}),
        (rb"\u00e9\u0007\u007f", "é\x07\x7f", {}),
        (rb"\ud83d\ude00", "\U0001f600", {}),
    ],
)
def test_json_escapes(escaped: bytes, read: str, repairs: dict[str, int]) -> None:
    told = notes()
    record = encode(SMALLEST | {"description": "@"}).replace(b"@", escaped)
    assert read_offer(record, told).description == read
    assert told.repairs == repairs


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="&\0")))
def test_any_text_without_ampersand_is_read_as_it_is(text: str) -> None:
    assume(mask(text).text == text)  # a contact is masked: see test_contact.py
    told = notes()
    for ascii_only in (True, False):
        record = json.dumps(SMALLEST | {"description": text}, ensure_ascii=ascii_only).encode()
        assert read_offer(record, told).description == text
    assert told == notes()


@given(st.text(st.sampled_from('&#;ampltgqoueacx0123"\\\n é')))
def test_decoding_any_entities_never_makes_a_text_longer(text: str) -> None:
    read = read_offer(encode(SMALLEST | {"description": text}), notes()).description
    assert read is not None
    assert len(read) <= len(text)
    if "&" not in text:
        assert read == text


PARIS = ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    ("wall", "expected"),
    [
        ("2026-01-15T12:00:00Z", "2026-01-15T11:00:00Z"),
        ("2026-07-15T00:30:00Z", "2026-07-14T22:30:00Z"),
        ("2026-03-29T01:59:59Z", "2026-03-29T00:59:59Z"),
        ("2026-03-29T02:30:00Z", "2026-03-29T01:30:00Z"),  # does not occur: 03:30 summer time
        ("2026-03-29T03:00:00Z", "2026-03-29T01:00:00Z"),
        ("2026-10-25T01:59:59Z", "2026-10-24T23:59:59Z"),
        ("2026-10-25T02:30:00Z", "2026-10-25T00:30:00Z"),  # occurs twice: the first
        ("2026-10-25T03:00:00Z", "2026-10-25T02:00:00Z"),
        ("2025-12-31T23:59:59.999Z", "2025-12-31T22:59:59.999Z"),
    ],
)
def test_instants_across_clock_changes(wall: str, expected: str) -> None:
    row = columns(SMALLEST | {"dateCreation": wall})
    assert row["created_at"] == datetime.fromisoformat(expected)
    assert row["created_on"] == date.fromisoformat(wall[:10])


@given(st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1)))  # noqa: DTZ001
def test_an_instant_is_that_of_the_zone(wall: datetime) -> None:
    expected = wall.replace(tzinfo=PARIS).astimezone(UTC)
    assert instant(wall.replace(tzinfo=UTC), "dateCreation") == expected


@pytest.mark.parametrize(
    ("latitude", "longitude", "swapped"),
    [
        (48.85, 2.35, False),
        (2.35, 48.85, True),
        (5.34, 43.37, True),
        (-0.58, 44.84, True),
        (-21.3, 55.5, False),  # La Réunion
        (55.5, -21.3, True),
        (16.2, -61.5, False),  # Guadeloupe
        (-61.5, 16.2, True),
        (4.83, -52.34, False),  # Guyane
        (-12.8, 45.2, False),  # Mayotte
        (50.85, 4.35, False),  # Bruxelles
        (52.52, 13.4, False),  # Berlin: in France neither way
        (13.4, 52.52, False),
        (0.0, 0.0, False),
    ],
)
def test_coordinates(latitude: float, longitude: float, swapped: bool) -> None:
    assert coordinates_are_swapped(latitude, longitude) is swapped
    told = notes()
    row = columns(changed("lieuTravail", {"latitude": latitude, "longitude": longitude}), told)
    expected = (longitude, latitude) if swapped else (latitude, longitude)
    assert (row["latitude"], row["longitude"], row["is_coordinates_swapped"]) == (
        *expected,
        swapped,
    )
    assert told.repairs == ({"coordinates_swapped": 1} if swapped else {})


def test_half_a_place_is_kept_as_it_is() -> None:
    row = columns(SMALLEST | {"lieuTravail": {"latitude": 2.35}})
    assert (row["latitude"], row["longitude"], row["is_coordinates_swapped"]) == (2.35, None, False)


def test_office_tools_may_be_a_plain_text() -> None:
    assert columns(SMALLEST | {"outilsBureautiques": "Tableur"})["office_tool_labels"] == (
        "Tableur",
    )


def test_the_later_of_update_and_creation_is_the_version() -> None:
    assert last_changed(WHOLE) == datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
    assert last_changed(WHOLE) - columns(WHOLE)["created_at"] == timedelta(
        minutes=29, seconds=59.75
    )


def test_order_and_blanks_of_the_source_do_not_matter() -> None:
    record = json.dumps(dict(reversed(WHOLE.items())), indent=1).encode()
    assert rows_of_record(record, notes()) == rows(WHOLE)
    assert identify(record) == "0123456"
    assert msgspec.json.decode(record) == WHOLE
