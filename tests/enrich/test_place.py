"""Where an offer is: places labelled by hand, real offers, and any input at all."""

from __future__ import annotations

import csv
import gzip
import json
import os
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jobmarket.enrich.place.coordinates import coordinates_are_swapped
from jobmarket.enrich.place.locate import _located, locate
from jobmarket.enrich.place.location import UNKNOWN, Location
from jobmarket.enrich.place.nearest import nearest
from jobmarket.enrich.place.reference import (
    city_of,
    communes,
    departement_of,
    departements,
    former_communes,
    key,
    keys,
    names_in,
    postcodes,
    wider_names,
    without_article,
)
from jobmarket.foundation.paths import REFERENCE

HAND = Path(__file__).parents[1] / "fixtures" / "place_labels.csv"
REAL_OFFERS = Path(
    os.environ.get(
        "JOBMARKET_REAL_OFFERS",
        Path(__file__).parents[3] / "shared" / "data" / "france_travail_offers.jsonl.gz",
    )
)
KINDS = {"commune", "departement", "region", "france", "foreign", "unknown"}
METHODS = {
    "commune_code",
    "former_commune_code",
    "postcode_and_label",
    "postcode",
    "label",
    "former_label",
    "label_and_coordinates",
    "coordinates",
}

Place = tuple[str | None, str | None, str | None, float | None, float | None]


def by_hand() -> list[dict[str, str]]:
    with HAND.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    "row", by_hand(), ids=lambda row: "|".join(list(row.values())[1:6]).strip("|") or "nothing"
)
def test_a_place_labelled_by_hand(row: dict[str, str]) -> None:
    latitude, longitude = (
        float(row[name]) if row[name] else None for name in ("latitude", "longitude")
    )
    texts = (row["label"] or None, row["commune_code"] or None, row["postcode"] or None)
    assert locate(*texts, latitude, longitude)[:4] == (
        row["expected_commune"] or None,
        row["expected_departement"] or None,
        row["expected_region"] or None,
        row["expected_kind"],
    )


@pytest.mark.parametrize(
    ("place", "method", "confidence"),
    [
        (("33 - BORDEAUX", "33063", "33000"), "commune_code", "high"),
        # the code stands against the name of a neighbour, unless the postcode is the neighbour's
        (("33 - MERIGNAC", "33063", "33000"), "commune_code", "medium"),
        (("33 - PESSAC", "33063", "33600"), "postcode_and_label", "low"),
        # two against one across départements, and one against one
        (("33 - BORDEAUX", "31555", "33000"), "postcode_and_label", "low"),
        (("31 - Toulouse", "33063", "33000"), "commune_code", "medium"),
        (("31 - Toulouse", "33063", None), "commune_code", "low"),
        (("75 - PARIS 09", "75112", "75012"), "commune_code", "medium"),
        # the postcode says another arrondissement than the label
        (("75 - PARIS 09", None, "75012"), "postcode_and_label", "medium"),
        (("50 - EQUEURDREVILLE", "50173", None), "former_commune_code", "high"),
        # moved from Maine-et-Loire to Loire-Atlantique: no contradiction
        (("49 - FREIGNE", "49144", "44540"), "former_commune_code", "high"),
        (("74 - SEYNOD", None, None), "former_label", "high"),
        (("71 - LOUHANS", None, None), "label", "medium"),
        (("33 - PESSAC", None, "33600"), "postcode_and_label", "high"),
        ((None, None, "33600"), "postcode", "medium"),
        ((None, None, "49000"), "postcode", "low"),  # Angers and two small neighbours
        ((None, None, "30140"), "postcode", "high"),  # eight communes of one département
        ((None, None, "34009"), "postcode", "medium"),  # of no commune: a CEDEX
        (("92 - BORDEAUX", None, "33000"), "label", "low"),
        (("33 - Gironde", None, None), "label", "high"),
        (("33 - Sud Gironde", None, None), "label", "medium"),
        (("Vienne", None, None), "label", "medium"),
        (("Valence", None, None), "label", "low"),  # Drôme, ten times the one of Tarn-et-Garonne
        (("Monaco", "99138", None), "commune_code", "high"),
        # a region's own number, one of its départements, one of another region; a country
        (("11 - Ile-de-France", None, None), "label", "high"),
        (("82 - Rhône-Alpes", None, None), "label", "high"),
        (("92 - Ile-de-France", None, None), "label", "medium"),
        (("33 - Bretagne", None, None), "label", "low"),
        (("06 - Monaco", None, None), "label", "low"),
        (("Monaco", None, None), "label", "high"),
        (("01 - Guadeloupe", None, None), "label", "high"),
        (("33 - Loire-Atlantique", None, None), "label", "low"),
        (("091 - EVRY", None, None), "label", "medium"),
        # several départements: their region, or France
        (("59 et 62", None, None), "label", "medium"),
        (("59 et 33", None, None), "label", "low"),
        # a label without a number against code and postcode
        (("Lille", "33063", "59000"), "postcode_and_label", "low"),
        (("Lille", "33063", "59009"), "label", "low"),  # a CEDEX
        (("Lille", "33063", "33000"), "commune_code", "medium"),
        (("Lille", "33063", None), "commune_code", "low"),
        (("Lille", None, "33000"), "label", "low"),
        (("Bordeaux", "33063", "59000"), "commune_code", "medium"),
        (("33 - BORDEAUX", "33063", "59000"), "commune_code", "medium"),
        (("33 - BORDEAUX", "33063", "33600"), "commune_code", "medium"),
        (("33 - BORDEAUX", "33063", "33077"), "commune_code", "high"),  # a CEDEX of Bordeaux
        ((None, "33063", "59000"), "commune_code", "low"),
        (("Saint-Denis", "33063", "93200"), "postcode_and_label", "low"),
        (("Nouvelle-Aquitaine", "33063", "33000"), "commune_code", "high"),
        (("Bretagne", "33063", "33000"), "commune_code", "medium"),
        # a postcode where the commune's code should be
        (("Paris", "75015", "75015"), "postcode_and_label", "medium"),
        ((None, "75015", "75015"), "postcode", "low"),
        (("94 - Bry-sur-Marne", "75015", "94360"), "former_commune_code", "high"),
        (("Marseille", "13001", "13001"), "postcode_and_label", "medium"),
        (("Aix-en-Provence", "13001", "13100"), "commune_code", "high"),
        (("xx", None, None), "none", None),
    ],
)
def test_the_method_and_its_confidence(
    place: tuple[str | None, str | None, str | None], method: str, confidence: str | None
) -> None:
    assert locate(*place, None, None)[4:] == (method, confidence)


@pytest.mark.parametrize(
    ("label", "point", "expected"),
    [
        ("France", (43.596, 1.431), ("31555", "coordinates", "medium")),
        # between Levallois and Paris
        ("France", (48.895073, 2.286883), ("75056", "coordinates", "low")),
        ("31 - Haute-Garonne", (43.596, 1.431), ("31555", "label_and_coordinates", "medium")),
        ("Occitanie", (43.596, 1.431), ("31555", "label_and_coordinates", "medium")),
        # a point outside of what the label says adds nothing
        ("Bretagne", (43.596, 1.431), (None, "label", "high")),
        ("Belgique", (50.63, 3.05), (None, "label", "high")),
        ("France", (46.2276, 2.2137), (None, "label", "high")),
        ("33 - BORDEAUX", (43.596, 1.431), ("33063", "label", "high")),
    ],
)
def test_coordinates_refine_what_is_wider_than_a_commune(
    label: str, point: tuple[float, float], expected: tuple[str | None, str, str]
) -> None:
    found = locate(label, None, None, *point)
    assert (found.located_commune_code, found.place_method, found.place_confidence) == expected


def test_a_half_point_is_no_point() -> None:
    assert locate("France", None, None, 43.6, None).place_kind == "france"
    assert locate(None, None, None, None, 1.4) == UNKNOWN


def test_every_commune_is_found_by_its_label_alone() -> None:
    missed = [
        code
        for code, commune in communes().items()
        if locate(f"{departement_of(code)} - {commune.label}", None, None, None, None)[0] != code
    ]
    # Corrèze, Doubs, Mayenne name the département, Saint-Barthélemy and Saint-Martin the collectivity
    assert missed == ["19062", "25204", "53147", "97701", "97801"]


def test_every_commune_is_found_in_capitals_without_accents_and_article() -> None:
    missed = []
    for code, commune in communes().items():
        name = re.sub(r"\bSAINT\b", "ST", without_article(key(commune.label)))
        label = f"{departement_of(code)} - {name}"
        if locate(label, None, None, None, None).located_commune_code != code:
            missed.append(code)
    # 17465 is La Vergne; 17464 beside it is Vergné
    assert missed == ["17465", "19062", "25204", "53147", "97701", "97801"]


def test_every_commune_is_found_by_its_code() -> None:
    assert all(locate(None, code, None, None, None)[0] == code for code in communes())


@given(st.lists(st.text(st.characters(exclude_characters="\n")), min_size=1))
def test_many_names_have_the_keys_that_each_has(names: list[str]) -> None:
    assert keys(names) == [key(name) for name in names]


def test_a_label_beside_its_code_is_read_in_short_as_it_is_at_length(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = [
        (f"{departement_of(code)} - {commune.label}", code, postcode, None, None)
        for code, commune in communes().items()
        for postcode in (None, "75056", "69001")
    ]
    in_short = [locate(*one) for one in given]
    monkeypatch.setattr("jobmarket.enrich.place.locate._is_number_and_name_of", lambda *_: False)
    _located.cache_clear()
    assert [locate(*one) for one in given] == in_short


def test_a_postcode_in_the_field_of_the_commune_is_read_as_a_postcode() -> None:
    """3,420 postcodes are codes of communes, too: the label says which of the two it is."""
    met = 0
    for postcode, codes in postcodes().items():
        code = postcode if postcode in communes() else former_communes().get(postcode)
        if code is None:
            continue
        met += 1
        behind = max(codes, key=lambda one: communes()[one].population)
        for meant in (behind, code):
            name = communes()[city_of(meant)].label
            for label in (name, f"{departement_of(meant)} - {name}"):
                for field in (postcode, None):
                    found = locate(label, postcode, field, None, None).located_commune_code
                    assert city_of(found or "") == city_of(meant), (label, postcode, field)
    assert met == 3474


def test_every_former_code_leads_to_a_commune_of_today() -> None:
    assert set(former_communes().values()) <= set(communes())
    assert not set(former_communes()) & set(communes())


texts = st.none() | st.text(max_size=60)
labels = texts | st.builds(
    "{}{}{}".format,
    st.sampled_from(
        [
            "",
            "33",
            "2A",
            "20",
            "97",
            "971",
            "091",
            "98",
            "99",
            "75012",
            "33000",
            "3",
            "59 et 62",
            "Lyon (69) / ",
        ]
    ),
    st.sampled_from(["", " - ", " ", "-", " – ", ", "]),
    st.sampled_from(
        sorted(wider_names()) + sorted(names_in("33")) + ["PARIS 21", "LYON XIIII", "(Dept.)"]
    ),
)
codes = texts | st.sampled_from(sorted(communes())) | st.sampled_from(sorted(former_communes()))
codes_of_the_post = (
    texts | st.sampled_from(sorted(postcodes())) | st.from_regex(r"\d{5}", fullmatch=True)
)
numbers = st.none() | st.floats() | st.floats(-90, 90) | st.floats(41, 51)


@given(labels, codes, codes_of_the_post, numbers, numbers)
def test_any_input_gives_a_place_that_is_consistent(
    label: str | None,
    code: str | None,
    postcode: str | None,
    latitude: float | None,
    longitude: float | None,
) -> None:
    place = locate(label, code, postcode, latitude, longitude)
    assert_consistent(place)
    assert locate(label, code, postcode, latitude, longitude) == place


def assert_consistent(place: Location) -> None:
    assert place.place_kind in KINDS
    if place == UNKNOWN:
        return
    assert place.place_method in METHODS
    assert place.place_confidence in ("high", "medium", "low")
    commune, departement, region = place[:3]
    known = {"commune": 3, "departement": 2, "region": 1}.get(place.place_kind, 0)
    assert [value is not None for value in (region, departement, commune)] == [
        number < known for number in range(3)
    ]
    if commune:
        assert commune in communes()
        assert departement == departement_of(commune)
    if departement:
        assert region == departements()[departement][1]


@given(st.floats(), st.floats())
def test_any_point_is_in_a_commune_or_none(latitude: float, longitude: float) -> None:
    near = nearest(latitude, longitude, frozenset())
    assert near is None or (near.code in communes() and 0 <= near.distance_km <= 20)


@pytest.mark.parametrize("path", sorted(REFERENCE.glob("*.csv")), ids=lambda path: path.name)
def test_a_reference_file_is_small(path: Path) -> None:
    assert path.stat().st_size < 1_500_000


def test_inhabitants_of_the_départements_are_those_of_their_communes() -> None:
    found: Counter[str] = Counter()
    for code, commune in communes().items():
        if city_of(code) == code:
            found[departement_of(code)] += commune.population
    with (REFERENCE / "departement.csv").open(encoding="utf-8", newline="") as file:
        stated = {row["code"]: int(row["population"] or 0) for row in csv.DictReader(file)}
    assert stated == {code: found[code] for code in stated}


@cache
def real_places() -> list[Place]:
    places = []
    with gzip.open(REAL_OFFERS) as lines:
        for line in lines:
            place = json.loads(line)["lieuTravail"]
            latitude, longitude = place.get("latitude"), place.get("longitude")
            if None not in (latitude, longitude) and coordinates_are_swapped(latitude, longitude):
                latitude, longitude = longitude, latitude
            texts = (place.get("libelle"), place.get("commune"), place.get("codePostal"))
            places.append((*texts, latitude, longitude))
    return places


real = pytest.mark.skipif(
    not REAL_OFFERS.exists(),
    reason=f"no file of real offers: {REAL_OFFERS} (JOBMARKET_REAL_OFFERS)",
)


@real
def test_nearly_every_real_place_is_found() -> None:
    found = [locate(*place) for place in real_places()]
    for place in found:
        assert_consistent(place)
    assert sum(place.place_kind != "unknown" for place in found) >= 0.99 * len(found)
    assert sum(place.place_kind == "commune" for place in found) >= 0.9 * len(found)


@real
@pytest.mark.parametrize(
    ("kept", "same_commune", "same_departement"),
    [
        ((0, 2), 0.99, 1.0),  # label and postcode
        ((0,), 0.99, 1.0),  # label
        ((2,), 0.65, 1.0),  # postcode: the rest are départements
        ((3, 4), 0.90, 0.98),  # coordinates
    ],
)
def test_less_evidence_leads_to_the_same_place(
    kept: tuple[int, ...], same_commune: float, same_departement: float
) -> None:
    communes_agree = departements_agree = total = 0
    for place in real_places():
        whole = locate(*place)
        less: list[str | float | None] = [
            value if number in kept else None for number, value in enumerate(place)
        ]
        if whole.place_method != "commune_code" or any(less[number] is None for number in kept):
            continue
        found = locate(*less)  # type: ignore[arg-type]
        total += 1
        departements_agree += found.departement_code == whole.departement_code
        communes_agree += city_of(found.located_commune_code or "") == city_of(
            whole.located_commune_code or ""
        )
    assert total > 0.8 * len(real_places())
    assert communes_agree >= same_commune * total
    assert departements_agree >= same_departement * total
