"""What the filters keep and in which order: each one checked against the fields of the offers it gives."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from sandbox.labels import CONTRACT_NATURES
from sandbox.server import running
from sandbox.settings import Settings
from tests.support.sandbox_client import Client, day, total

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Offer = dict[str, Any]

WEDNESDAY = "2026-11-18"
OFFERS = 2_400


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    settings = Settings(
        offers_per_day=OFFERS, now=datetime.fromisoformat("2026-11-20"), rate=100_000
    )
    with running(settings) as sandbox:
        yield Client(sandbox.url).login()


@pytest.fixture(scope="module")
def offers(client: Client) -> list[Offer]:
    """Return every offer of the day, as the pages of the unfiltered day give them."""
    return [offer for page in client.pages(**day(WEDNESDAY)) for offer in page]


def _hours(offer: Offer) -> float | None:
    label = offer.get("dureeTravailLibelle", "").removeprefix("temps partiel - ")
    if not label:
        return None
    hours, _, rest = label.replace(" H", "H").partition("H")
    return int(hours) + (int(rest[:2]) / 60 if rest[:2].isdigit() else 0)


FILTERS: list[tuple[dict[str, str], Callable[[Offer], bool]]] = [
    ({"origineOffre": "1"}, lambda o: o["origineOffre"]["origine"] == "1"),
    ({"origineOffre": "2"}, lambda o: o["origineOffre"]["origine"] == "2"),
    ({"codeROME": "K1304,N4101,M1801"}, lambda o: o["romeCode"] in ("K1304", "N4101", "M1801")),
    ({"domaine": "M18"}, lambda o: o["romeCode"].startswith("M18")),
    ({"grandDomaine": "K,L14,M13"}, lambda o: o["romeCode"].startswith(("K", "L14", "M13"))),
    ({"typeContrat": "CDD,MIS"}, lambda o: o["typeContrat"] in ("CDD", "MIS")),
    (
        {"natureContrat": "E2,FS"},
        lambda o: o["natureContrat"] in (CONTRACT_NATURES["E2"], CONTRACT_NATURES["FS"]),
    ),
    (
        {"typeContrat": "MIS", "natureContrat": "E2"},  # either is enough
        lambda o: o["typeContrat"] == "MIS" or o["natureContrat"] == CONTRACT_NATURES["E2"],
    ),
    ({"experience": "4"}, lambda o: o["experienceExige"] == "D"),
    ({"experienceExigence": "E"}, lambda o: o["experienceExige"] == "E"),
    ({"qualification": "9"}, lambda o: o.get("qualificationCode") == "9"),
    ({"qualification": "0"}, lambda o: o.get("qualificationCode", "9") != "9"),
    ({"tempsPlein": "true"}, lambda o: o.get("dureeTravailLibelleConverti") == "Temps plein"),
    ({"dureeHebdo": "2"}, lambda o: o.get("dureeTravailLibelleConverti") == "Temps partiel"),
    ({"dureeHebdo": "0"}, lambda o: "dureeTravailLibelleConverti" not in o),
    ({"dureeHebdoMin": "3600"}, lambda o: (_hours(o) or 0) >= 36),
    (
        {"dureeHebdoMin": "1730", "dureeHebdoMax": "2430"},
        lambda o: _hours(o) is not None and 17.5 <= (_hours(o) or 0) <= 24.5,
    ),
    ({"departement": "33,69,2A"}, lambda o: o["lieuTravail"]["libelle"][:2] in ("33", "69", "2A")),
    ({"secteurActivite": "78"}, lambda o: o.get("secteurActivite") == "78"),
    ({"codeNAF": "78.20Z,56.10A"}, lambda o: o.get("codeNAF") in ("78.20Z", "56.10A")),
    (
        {"permis": "B"},
        lambda o: any(
            licence["libelle"] == "B - Véhicule léger" for licence in o.get("permis", ())
        ),
    ),
    (
        {"niveauFormation": "NV5"},
        lambda o: o.get("formations", [{}])[0].get("niveauLibelle") == "CAP, BEP et équivalents",
    ),
    ({"commune": "33063", "distance": "0"}, lambda o: o["lieuTravail"].get("commune") == "33063"),
    (
        {"commune": "75101", "distance": "0"},  # Paris is never split
        lambda o: o["lieuTravail"].get("commune", "").startswith("75"),
    ),
    ({"accesTravailleurHandicape": "true"}, lambda o: o.get("accessibleTH") is True),
    ({"entreprisesAdaptees": "true"}, lambda o: o["entrepriseAdaptee"]),
    (
        {"partenaires": "EMPLOIVIF", "modeSelectionPartenaires": "INCLUS", "origineOffre": "2"},
        lambda o: o["origineOffre"].get("partenaires", [{}])[0].get("nom") == "EMPLOIVIF",
    ),
    (
        {"partenaires": "EMPLOIVIF", "modeSelectionPartenaires": "EXCLU"},
        lambda o: o["origineOffre"].get("partenaires", [{}])[0].get("nom") != "EMPLOIVIF",
    ),
]


@pytest.mark.parametrize(("parameters", "keeps"), FILTERS)
def test_a_filter_keeps_what_it_should(
    client: Client, offers: list[Offer], parameters: dict[str, str], keeps: Callable[[Offer], bool]
) -> None:
    found = {o["id"] for page in client.pages(**day(WEDNESDAY), **parameters) for o in page}
    expected = {offer["id"] for offer in offers if keeps(offer)}
    assert found == expected
    assert 0 < len(expected) < OFFERS


def test_a_region_is_its_departements(client: Client) -> None:
    whole = total(client.search(**day(WEDNESDAY), region="94"))
    by_departement = total(client.search(**day(WEDNESDAY), departement="2A,2B"))
    assert whole >= by_departement > 0  # offers placed in the region only are in the region


def test_neighbouring_departements(client: Client) -> None:
    with_neighbours = total(
        client.search(**day(WEDNESDAY), departement="2A", inclureLimitrophes="true")
    )
    assert with_neighbours == total(client.search(**day(WEDNESDAY), departement="2A,2B"))


def test_distance_grows_from_ten_kilometres(client: Client) -> None:
    sizes = [
        total(client.search(**day(WEDNESDAY), commune="75056", **more))
        for more in ({"distance": 0}, {"distance": 5}, {}, {"distance": 10}, {"distance": 30})
    ]
    assert sizes[2] == sizes[3]
    assert sizes[0] < sizes[1] < sizes[3] < sizes[4]


def test_the_nearest_come_first_when_sorted_by_distance(client: Client) -> None:
    page = client.search(**day(WEDNESDAY), commune="33063", distance=60, sort=2).json()["resultats"]
    communes = [offer["lieuTravail"].get("commune") for offer in page]
    in_bordeaux = communes.count("33063")
    assert 0 < in_bordeaux < len(page)
    assert communes[:in_bordeaux] == ["33063"] * in_bordeaux


def test_keywords_must_all_be_met_whatever_the_accents(client: Client) -> None:
    titles = [
        offer["romeLibelle"]
        for page in client.pages(**day(WEDNESDAY), motsCles="employe,menage")
        for offer in page
    ]
    assert all("mploy" in title and "énage" in title for title in titles)
    assert total(client.search(**day(WEDNESDAY), motsCles="employé")) >= len(titles)


def test_salary_floor(client: Client) -> None:
    yearly = total(client.search(**day(WEDNESDAY), salaireMin=24_000, periodeSalaire="A"))
    monthly = total(client.search(**day(WEDNESDAY), salaireMin=2_000, periodeSalaire="M"))
    higher = total(client.search(**day(WEDNESDAY), salaireMin=40_000, periodeSalaire="A"))
    assert yearly == monthly > higher > 0


def test_france_travail_comes_before_partners(offers: list[Offer]) -> None:
    origins = [offer["origineOffre"]["origine"] for offer in offers]
    assert origins == sorted(origins)
    assert origins.count("1") == OFFERS // 4


def test_unsorted_is_by_date_but_for_a_few(offers: list[Offer]) -> None:
    own = [o["dateCreation"] for o in offers if o["origineOffre"]["origine"] == "1"]
    inversions = sum(later > earlier for earlier, later in pairwise(own))
    assert inversions < len(own) * 12 / 3_150 + 3


def test_sorted_by_date_is_newest_first(client: Client) -> None:
    for origin in ("1", "2"):
        pages = client.pages(**day(WEDNESDAY), origineOffre=origin, sort=1)
        dates = [offer["dateCreation"] for page in pages for offer in page]
        assert dates == sorted(dates, reverse=True)


def test_facets_count_the_whole_result(client: Client, offers: list[Offer]) -> None:
    answer = client.search(**day(WEDNESDAY), range="0-0").json()
    facets = {
        facet["filtre"]: {
            item["valeurPossible"]: item["nbResultats"] for item in facet["agregation"]
        }
        for facet in answer["filtresPossibles"]
    }
    assert list(facets) == ["typeContrat", "experience", "qualification", "natureContrat"]
    codes = [code for code in ("0", "4", "1", "2", "3") if code in facets["experience"]]
    assert list(facets["experience"]) == codes
    assert list(facets["typeContrat"]) == sorted(facets["typeContrat"])
    for name in ("experience", "qualification", "natureContrat"):
        assert sum(facets[name].values()) == OFFERS
    contracts = [offer["typeContrat"] for offer in offers]
    assert facets["typeContrat"] == {
        code: contracts.count(code) for code in set(contracts) - {"DDT"}
    }


# --- dates


def _created(client: Client, low: str, high: str, **more: str) -> list[str]:
    pages = client.pages(minCreationDate=low, maxCreationDate=high, sort=1, **more)
    return sorted(offer["dateCreation"] for page in pages for offer in page)


def test_dates_are_paris_wall_clock_with_both_bounds(client: Client, offers: list[Offer]) -> None:
    expected = sorted(
        o["dateCreation"]
        for o in offers
        if f"{WEDNESDAY}T11:30:00" <= o["dateCreation"] <= f"{WEDNESDAY}T12:15:30.000Z"
    )
    found = _created(client, f"{WEDNESDAY}T11:30:00Z", f"{WEDNESDAY}T12:15:30Z")
    assert found == expected
    assert f"{WEDNESDAY}T11:30:00.000Z" in found  # the burst is at a bound


def test_a_window_over_midnight_touches_both_days(client: Client) -> None:
    found = _created(client, "2026-11-18T23:00:00Z", "2026-11-19T01:00:00Z")
    days = {text[:10] for text in found}
    assert days == {"2026-11-18", "2026-11-19"}


def test_published_since(client: Client) -> None:
    assert total(client.search(publieeDepuis="1")) == OFFERS
    assert total(client.search(publieeDepuis="3")) == 3 * OFFERS
    # 14 days: 10 weekdays, 4 days of a weekend at 45 %
    assert total(client.search(publieeDepuis="14")) == 10 * OFFERS + 4 * round(OFFERS * 0.45)


def test_without_dates_the_live_stock_is_searched(client: Client) -> None:
    assert total(client.search()) == 3 * OFFERS


@pytest.mark.parametrize("live", [1, 2_400, 5_000, 20_000])
def test_a_live_stock_of_a_given_size(live: int) -> None:
    settings = Settings(
        offers_per_day=OFFERS, now=datetime.fromisoformat("2026-11-20"), live=live, rate=1_000
    )
    with running(settings) as sandbox:
        client = Client(sandbox.url).login()
        assert total(client.search(range="0-0")) == live


def test_tomorrow_does_not_exist_and_today_only_so_far() -> None:
    settings = Settings(
        offers_per_day=OFFERS, now=datetime.fromisoformat("2026-11-18T11:30"), rate=1_000
    )
    with running(settings) as sandbox:
        client = Client(sandbox.url).login()
        found = _created(client, "2026-11-18T00:00:00Z", "2026-11-25T00:00:00Z")
        assert found
        assert max(found) < "2026-11-18T11:30:00"
        assert len(client.control("ids?day=2026-11-18")) == len(found)
        assert client.control("ids?day=2026-11-19") == []
