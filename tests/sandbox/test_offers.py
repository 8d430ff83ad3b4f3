"""The offers that are generated, and those of a file: volumes, shapes, rates, dirt, determinism."""

from __future__ import annotations

import gzip
import hashlib
import html
import json
import re
import subprocess
import sys
from collections import Counter
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.offers.columns import day_start_ms
from sandbox.offers.file import FileSource, read
from sandbox.offers.generated import GeneratedSource
from sandbox.offers.ids import Ids
from sandbox.offers.plan import creation_times
from sandbox.reference import communes, jobs
from sandbox.server import running
from sandbox.settings import Settings, parse_burst
from tests.support.sandbox_client import Client, day, total

WEDNESDAY = date(2026, 11, 18)
SATURDAY = date(2026, 11, 21)
FORWARD = date(2026, 3, 29)  # 02:00 does not exist
BACK = date(2026, 10, 25)  # 02:00 happens twice
CREATED = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


@pytest.fixture(scope="module")
def offers() -> list[dict[str, Any]]:
    generated = GeneratedSource(Settings(offers_per_day=8_000)).day(WEDNESDAY)
    return [json.loads(generated.body(row)) for row in range(len(generated.columns))]


def _of(offers: list[dict[str, Any]], origin: str) -> list[dict[str, Any]]:
    return [offer for offer in offers if offer["origineOffre"]["origine"] == origin]


def _seconds(day_: date, times: np.ndarray[Any, Any]) -> Counter[int]:
    return Counter(((times - day_start_ms(day_)) // 1000).tolist())


# --- how many, and when


@pytest.mark.parametrize(
    ("when", "per_day", "own", "partner"),
    [
        (WEDNESDAY, 40_000, 10_000, 30_000),
        (SATURDAY, 40_000, 4_500, 13_500),
        (WEDNESDAY, 1, 0, 1),
        (WEDNESDAY, 0, 0, 0),
        (FORWARD, 40_000, 4_500, 13_500),
        (BACK, 40_000, 4_500, 13_500),
    ],
)
def test_volumes(when: date, per_day: int, own: int, partner: int) -> None:
    times = creation_times(Settings(offers_per_day=per_day), when)
    assert [len(one) for one in times] == [own, partner]


def test_two_bursts_a_day() -> None:
    seconds = _seconds(WEDNESDAY, creation_times(Settings(), WEDNESDAY)[1])
    top = dict(seconds.most_common(2))
    burst_1, burst_2 = top[2 * 3600 + 31 * 60 + 25], top[11 * 3600 + 30 * 60]
    assert (burst_1 - 2_400, burst_2 - 1_800) in {(a, b) for a in range(4) for b in range(4)}
    assert seconds.most_common(3)[2][1] < 10


@pytest.mark.parametrize(("when", "per_day"), [(WEDNESDAY, 40_000), (SATURDAY, 6_000)])
def test_more_bursts_come_out_of_the_partners(when: date, per_day: int) -> None:
    bursts = (parse_burst("09:00:00=4000"), parse_burst("23:59:59=3300"))
    settings = Settings(offers_per_day=per_day, bursts=bursts)
    own, partner = creation_times(settings, when)
    seconds = _seconds(when, partner)
    assert seconds[9 * 3600] >= 4_000
    assert seconds[86_399] >= 3_300
    assert len(own) + len(partner) == max(7_300, per_day if when == WEDNESDAY else 2_700)


def test_the_hour_that_the_clock_skips_is_empty_and_the_repeated_one_is_double() -> None:
    def share_of_hour_2(when: date) -> float:
        times = creation_times(Settings(), when)[1]
        hours = Counter(second // 3600 for second in _seconds(when, times).elements())
        bursts = 1_080  # of 18,000 on a Sunday, in hour 2 or, when that is skipped, in hour 3
        return (hours[2] - (0 if when == FORWARD else bursts)) / len(times)

    assert creation_times(Settings(), FORWARD)[1].size
    usual = share_of_hour_2(date(2026, 11, 22))
    assert share_of_hour_2(FORWARD) == 0
    assert 1.6 * usual < share_of_hour_2(BACK) < 2.4 * usual


def test_france_travail_has_milliseconds_and_partners_whole_seconds() -> None:
    own, partner = creation_times(Settings(), WEDNESDAY)
    assert np.count_nonzero(own % 1000) > 9_900
    assert not np.count_nonzero(partner % 1000)
    for times in (own, partner):
        assert (np.diff(times) >= 0).all()
        assert times[0] >= day_start_ms(WEDNESDAY)
        assert times[-1] < day_start_ms(WEDNESDAY + timedelta(days=1))


# --- ids


@given(
    origin=st.sampled_from([1, 2]),
    block=st.integers(1, 300_000),
    offset=st.integers(-60, 60),
    data=st.data(),
)
def test_an_id_gives_its_day_and_place_back(
    origin: int, block: int, offset: int, data: st.DataObject
) -> None:
    ids = Ids(origin, block)
    index = data.draw(st.integers(0, block - 1))
    when = WEDNESDAY + timedelta(days=offset)
    offer_id = ids.of(when, index)
    assert re.fullmatch(r"\d{3}[B-DF-HJ-NP-TV-Z]{4}" if origin == 1 else r"\d{7}", offer_id)
    cycle_days = min(366, ids.cycle // block - 1)
    newest = when + timedelta(days=data.draw(st.integers(0, cycle_days)))
    assert ids.find(offer_id, newest) == (when, index)


def test_ids_are_unique_across_days_and_some_begin_with_zero() -> None:
    source = GeneratedSource(Settings(offers_per_day=2_000))
    days = [source.day(WEDNESDAY - timedelta(days=back)) for back in range(30)]
    ids = [one.id(row) for one in days for row in range(len(one.columns))]
    assert len(ids) == len(set(ids)) > 40_000
    partner = [one for one in ids if one.isdigit()]
    assert 0.05 < sum(one.startswith("0") for one in partner) / len(partner) < 0.15


# --- shapes and rates


def test_no_null_no_empty_list_no_unknown_code(offers: list[dict[str, Any]]) -> None:
    known_jobs = {job.code: job.label for job in jobs()}
    known_communes = {commune.code for commune in communes()}

    def walk(value: Any) -> None:
        assert value is not None
        assert value != []
        for item in (
            value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        ):
            walk(item)

    for offer in offers:
        walk(offer)
        assert known_jobs[offer["romeCode"]] == offer["romeLibelle"]
        assert offer["lieuTravail"].get("commune", "33063") in known_communes
        assert CREATED.fullmatch(offer["dateCreation"])
        assert offer.get("dateActualisation", "9") >= offer["dateCreation"]
        assert offer["origineOffre"]["urlOrigine"].endswith(offer["id"])


# field -> share in % of the real ones: France Travail (n = 12,727), partners (n = 352)
RATES = {
    "dateActualisation": (100, 97.4),
    "experienceLibelle": (100, 97.4),
    "experienceCommentaire": (6.9, 0.6),
    "formations": (27, 0.6),
    "langues": (6.2, 1.1),
    "permis": (21, 0.2),
    "competences": (60, 0),
    "dureeTravailLibelle": (97, 8.8),
    "contact": (100, 2.6),
    "agence": (100, 0),
    "accessibleTH": (100, 97.4),
    "deplacementLibelle": (31.8, 0),
    "qualificationCode": (100, 7),
    "codeNAF": (100, 34.7),
    "qualitesProfessionnelles": (43.5, 0),
    "offresManqueCandidats": (98.3, 0),
    "entrepriseAdaptee": (100, 100),
    "contexteTravail": (100, 100),
    "alternance": (100, 100),
}


@pytest.mark.parametrize("field", RATES)
def test_each_field_is_as_frequent_as_in_real_offers(
    offers: list[dict[str, Any]], field: str
) -> None:
    for origin, expected in zip(("1", "2"), RATES[field], strict=True):
        mine = _of(offers, origin)
        share = 100 * sum(field in offer for offer in mine) / len(mine)
        assert share == pytest.approx(expected, abs=2.5)


def test_sizes(offers: list[dict[str, Any]]) -> None:
    lengths = [len(offer["description"]) for offer in offers]
    assert min(lengths) >= 250
    assert max(lengths) <= 5_000
    sizes = [
        len(json.dumps(offer, ensure_ascii=False, separators=(",", ":")).encode())
        for offer in offers
    ]
    assert 3_500 < sum(sizes) / len(sizes) < 4_500


def test_places_in_all_spellings(offers: list[dict[str, Any]]) -> None:
    places = [offer["lieuTravail"] for offer in offers]
    shapes = {frozenset(place) for place in places}
    whole = frozenset({"libelle", "latitude", "longitude", "codePostal", "commune"})
    assert whole in shapes
    assert {frozenset({"libelle"}), frozenset({"libelle", "latitude", "longitude"})} < shapes
    assert {frozenset({"libelle", "commune"}), whole - {"latitude", "longitude"}} & shapes
    labels = {place["libelle"] for place in places if len(place) == 1}
    assert {"France", "FRANCE"} <= labels
    assert any(label.endswith("(Dept.)") for label in labels)
    swapped = [
        place for place in places if 0 < place.get("latitude", 50) < 10 < place.get("longitude", 0)
    ]
    in_overseas = [place for place in swapped if place.get("commune", "").startswith("97")]
    assert len(swapped) > len(in_overseas)


def test_salaries_in_all_spellings(offers: list[dict[str, Any]]) -> None:
    shapes = Counter(
        (
            offer["origineOffre"]["origine"],
            re.sub(r"\d+([.,]\d+)?", "#", offer["salaire"].get("libelle", "")),
        )
        for offer in offers
    )
    for period in ("Horaire", "Mensuel", "Annuel"):
        assert shapes["1", f"{period} de # Euros à # Euros sur # mois"]
        assert shapes["2", f"{period} de # Euros à # Euros"]
    assert any(label == "Annuel de" for _, label in shapes)
    assert any("ï¿½" in label for _, label in shapes)
    own = [o["salaire"].get("libelle", "") for o in _of(offers, "1")]
    partner = [o["salaire"].get("libelle", "") for o in _of(offers, "2")]
    assert not any("," in label for label in own)
    assert any(re.search(r"\d,\d\d Euros", label) for label in partner)


def test_entities_up_to_three_levels(offers: list[dict[str, Any]]) -> None:
    def level(text: str) -> int:
        plain = html.unescape(text)
        return 0 if plain == text else 1 + level(plain)

    levels = Counter(level(offer["description"]) for offer in _of(offers, "2"))
    assert 0.06 < (levels.total() - levels[0]) / levels.total() < 0.14
    assert levels[2]
    assert levels[3]


def test_trades_name_their_tools(offers: list[dict[str, Any]]) -> None:
    def share(prefix: str, name: str) -> float:
        of = [offer["description"] for offer in offers if offer["romeCode"].startswith(prefix)]
        return sum(name in text for text in of) / len(of)

    assert 0.1 < share("M18", "Linux") < 0.4
    assert share("J", "Linux") == share("G", "Linux") == 0


def test_three_in_a_hundred_are_published_again(offers: list[dict[str, Any]]) -> None:
    hours = [
        datetime.fromisoformat(o["dateActualisation"]) - datetime.fromisoformat(o["dateCreation"])
        for o in offers
        if "dateActualisation" in o
    ]
    assert sum(gap >= timedelta(hours=1) for gap in hours) / len(hours) == pytest.approx(
        0.03, abs=0.006
    )


def test_some_texts_are_copies_under_another_id(offers: list[dict[str, Any]]) -> None:
    pairs = pairwise(offers)
    same = sum(
        a["description"][:40].split()[:2] == b["description"][:40].split()[:2] for a, b in pairs
    )
    assert same > len(offers) * 0.05


def test_nothing_in_an_offer_points_to_a_real_person_or_firm(offers: list[dict[str, Any]]) -> None:
    text = json.dumps(offers, ensure_ascii=False)
    hosts = set(re.findall(r"https?://([\w.-]+)", text))
    assert all(
        host.endswith("example.org") or host == "candidat.francetravail.fr" for host in hosts
    )
    assert "@" not in text.replace("~@~", "")
    assert {number[:8] for number in re.findall(r"0\d(?: \d\d){4}", text)} <= {"01 99 00"}


# --- determinism

_DIGEST = """
import hashlib, sys
from datetime import date
from sandbox.offers.file import FileSource, read
from sandbox.offers.generated import GeneratedSource  # noqa: E402
from sandbox.settings import Settings  # noqa: E402
day = GeneratedSource(Settings(offers_per_day=400, seed=int(sys.argv[1]))).day(date(2026, 11, 18))
bodies = [day.body(row) for row in range(len(day.columns))]
print(hashlib.sha256(b"".join(bodies)).hexdigest())
"""


def test_the_same_seed_and_day_give_the_same_bytes_in_any_process() -> None:
    def digest(seed: int, hash_seed: str) -> str:
        run = subprocess.run(
            [sys.executable, "-c", _DIGEST, str(seed)],
            capture_output=True,
            text=True,
            check=True,
            cwd=Path(__file__).parents[2],
            env={"PYTHONHASHSEED": hash_seed, "PATH": ""},
        )
        return run.stdout.strip()

    here = GeneratedSource(Settings(offers_per_day=400, seed=7)).day(WEDNESDAY)
    # bodies made in another order are the same
    bodies = {row: here.body(row) for row in reversed(range(len(here.columns)))}
    ours = hashlib.sha256(b"".join(bodies[row] for row in range(len(bodies)))).hexdigest()
    assert digest(7, "1") == digest(7, "2") == ours
    assert digest(8, "1") != ours


def test_bodies_kept_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sandbox.offers.generated._BODIES_KEPT", 500)
    source = GeneratedSource(Settings(offers_per_day=400))
    first = source.day(WEDNESDAY).body(3)
    for back in range(5):
        one = source.day(WEDNESDAY - timedelta(days=back))
        for row in range(400 if one.day.weekday() < 5 else 180):
            one.body(row)
    source.day(WEDNESDAY)
    kept = sum(len(one.bodies) for one in source._days.values())
    assert kept <= 500
    assert source.day(WEDNESDAY).body(3) == first


# --- a file of real offers

REAL: list[dict[str, Any]] = [
    {
        "id": "193BCDF",
        "intitule": "Soudeur (H/F)",
        "description": "Texte",
        "dateCreation": "2025-06-04T16:20:58.408Z",
        "dateActualisation": "2025-06-05T09:00:00.000Z",
        "lieuTravail": {"libelle": "33 - BORDEAUX", "codePostal": "33000", "commune": "33063"},
        "romeCode": "H2913",
        "typeContrat": "CDD",
        "typeContratLibelle": "CDD - 6 Mois",
        "natureContrat": "Contrat apprentissage",
        "experienceExige": "E",
        "experienceLibelle": "5 An(s)",
        "salaire": {"libelle": "Mensuel de 2000,00 Euros"},
        "dureeTravailLibelle": "37H30 Travail en journée",
        "dureeTravailLibelleConverti": "Temps plein",
        "qualificationCode": "9",
        "origineOffre": {"origine": "1"},
        "unForgottenField": [1, {"a": None}],
    },
    {
        "id": "0000007",
        "intitule": "Vendeur",
        "description": "Texte &amp;amp;eacute;",
        "dateCreation": "2024-12-01T00:00:00.000Z",
        "lieuTravail": {"libelle": "Île-de-France"},
        "romeCode": "X0000",
        "typeContrat": "CDI",
        "experienceExige": "D",
        "salaire": {},
        "origineOffre": {"origine": "2", "partenaires": [{"nom": "JOBATOUT"}]},
    },
]


def _file(path: Path, offers: list[dict[str, Any]]) -> Path:
    path.write_bytes(gzip.compress("\n".join(json.dumps(offer) for offer in offers).encode()))
    return path


def test_offers_of_a_file_on_their_own_days(tmp_path: Path) -> None:
    settings = Settings(
        offers_file=_file(tmp_path / "offers.jsonl.gz", REAL),
        now=datetime.fromisoformat("2026-11-20"),
    )
    with running(settings) as sandbox:
        client = Client(sandbox.url).login()
        assert client.search().json()["resultats"] == REAL
        assert client.control("ids?day=2025-06-04") == ["193BCDF"]
        assert client.search(**day("2026-11-18")).status_code == 204


def test_offers_of_a_file_put_on_one_day(tmp_path: Path) -> None:
    file = _file(tmp_path / "offers.jsonl.gz", REAL)
    settings = Settings(
        offers_file=file, redate=WEDNESDAY, now=datetime.fromisoformat("2026-11-20"), rate=1_000
    )
    with running(settings) as sandbox:
        client = Client(sandbox.url).login()
        found = client.search(**day("2026-11-18")).json()["resultats"]
        assert found[0] == REAL[0] | {
            "dateCreation": "2026-11-18T16:20:58.408Z",
            "dateActualisation": "2026-11-19T09:00:00.000Z",
        }
        assert found[1] == REAL[1] | {"dateCreation": "2026-11-18T00:00:00.000Z"}
        for parameters in (
            {"departement": "33", "natureContrat": "E2", "experience": "3", "qualification": "9"},
            {"dureeHebdoMin": "3730", "dureeHebdoMax": "3730", "dureeContratMin": "6"},
            {"salaireMin": "24000", "periodeSalaire": "A", "motsCles": "soudeur"},
        ):
            assert [o["id"] for o in client.search(**parameters).json()["resultats"]] == ["193BCDF"]
        assert [o["id"] for o in client.search(region="11").json()["resultats"]] == ["0000007"]
        # a code that no référentiel knows escapes every filter on it
        codes = ",".join(job.code for job in jobs()[:200])
        assert client.search(codeROME=codes, origineOffre=2).status_code == 204
        assert total(client.search(range="0-0")) == 2


@pytest.mark.parametrize(
    "line", ["{", "[]", '{"id": "1234567"}', json.dumps(REAL[1] | {"dateCreation": "yesterday"})]
)
def test_a_line_that_is_no_offer_is_named(tmp_path: Path, line: str) -> None:
    file = tmp_path / "offers.jsonl"
    file.write_text(json.dumps(REAL[0]) + "\n" + line)
    with pytest.raises(ValueError, match=r"offers\.jsonl, line 2: not an offer of the API"):
        read(file)


def test_an_id_that_occurs_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="occurs twice"):
        FileSource(_file(tmp_path / "offers.jsonl.gz", [REAL[0], REAL[0]]), None)
