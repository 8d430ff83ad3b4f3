"""The sandbox over HTTP, asked as a client of the real API asks: statuses, headers, French texts."""

from __future__ import annotations

import re
import time
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
import requests
from jobmarket.sources.france_travail.client.client import GENERATED_HEADER

from sandbox.server import running
from sandbox.settings import Settings
from tests.support.sandbox_client import Client, day, total

if TYPE_CHECKING:
    from collections.abc import Iterator

WEDNESDAY = "2026-11-18"
SETTINGS = Settings(offers_per_day=2_000, now=datetime.fromisoformat("2026-11-20"), rate=100_000)


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with running(SETTINGS) as sandbox:
        yield Client(sandbox.url).login()


# --- token endpoint


def test_a_token_is_given_as_the_real_one(client: Client) -> None:
    answer = client.token()
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    body = answer.json()
    assert re.fullmatch(r"[\w-]{27}", body.pop("access_token"))
    assert body == {
        "scope": "api_offresdemploiv2 o2dsoffre",
        "expires_in": 1499,
        "token_type": "Bearer",
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"scope": "o2dsoffre api_offresdemploiv2"},
        {"scope": "api_offresdemploiv2 o2dsoffre application_sandbox"},
    ],
)
def test_scopes_that_are_accepted(client: Client, changes: dict[str, str]) -> None:
    assert client.token(**changes).status_code == 200


@pytest.mark.parametrize(
    ("changes", "error", "description"),
    [
        ({"client_secret": "sandbox "}, "invalid_client", "Client authentication failed"),
        ({"client_id": "other"}, "invalid_client", "Client authentication failed"),
        (
            {"scope": "api_quinexistepasv0"},
            "invalid_scope",
            "Unknown/invalid scope(s): [api_quinexistepasv0]",
        ),
        (
            {"scope": "application_other"},
            "invalid_scope",
            "Unknown/invalid scope(s): [application_other]",
        ),
        (
            {"grant_type": "implicit_grant"},
            "unsupported_grant_type",
            "Grant type is not supported: implicit_grant",
        ),
    ],
)
def test_tokens_that_are_refused(
    client: Client, changes: dict[str, str], error: str, description: str
) -> None:
    answer = client.token(**changes)
    assert answer.status_code == 400
    assert answer.json() == {"error": error, "error_description": description}
    assert answer.headers["Pragma"] == "no-cache"


@pytest.mark.parametrize("realm", ["/partenaire", "partenaire"])
def test_realm_in_both_spellings(client: Client, realm: str) -> None:
    assert client.token(path=f"/connexion/oauth2/access_token?realm={realm}").status_code == 200


def test_wrong_realm(client: Client) -> None:
    answer = client.token(path="/connexion/oauth2/access_token?realm=/individu")
    assert (answer.status_code, answer.json()["error_description"]) == (400, "Invalid realm")


def test_grant_and_scope_may_be_in_the_query_string(client: Client) -> None:
    path = (
        "/connexion/oauth2/access_token?realm=/partenaire&grant_type=client_credentials"
        "&scope=o2dsoffre%20api_offresdemploiv2"
    )
    form = {"client_id": "sandbox", "client_secret": "sandbox"}
    assert client.session.post(client.url + path, data=form, timeout=30).status_code == 200


def test_basic_authentication_gets_an_html_409(client: Client) -> None:
    url = f"{client.url}/connexion/oauth2/access_token?realm=/partenaire"
    answer = Client(client.url).session.post(
        url, data={"grant_type": "client_credentials"}, auth=("sandbox", "sandbox"), timeout=30
    )
    assert answer.status_code == 409
    assert answer.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize(
    "header", [None, "Bearer nonsense", "Basic c2FuZGJveDpzYW5kYm94", "nonsense"]
)
def test_no_good_token_is_an_empty_401(client: Client, header: str | None) -> None:
    stranger = Client(client.url)
    if header:
        stranger.session.headers["Authorization"] = header
    answer = stranger.search()
    assert (answer.status_code, answer.content) == (401, b"")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_token_ends_with_its_life() -> None:
    with running(
        Settings(offers_per_day=10, now=SETTINGS.now, token_life_s=0.2, rate=10_000)
    ) as sandbox:
        client = Client(sandbox.url).login()
        assert client.search().status_code == 200
        deadline = time.monotonic() + 10
        while client.search().status_code == 200:
            assert time.monotonic() < deadline
        assert client.search().status_code == 401
        assert client.login().search().status_code == 200


# --- paging and statuses

FEW = {**day(WEDNESDAY), "origineOffre": "1", "departement": "33"}


def test_a_result_that_fits_is_a_200(client: Client) -> None:
    answer = client.search(**FEW)
    offers = answer.json()["resultats"]
    assert answer.status_code == 200
    assert 1 < len(offers) < 150
    assert answer.headers["Content-Range"] == f"offres 0-{len(offers) - 1}/{len(offers)}"
    assert answer.headers["Accept-Range"] == "150"
    assert answer.headers["Content-Type"] == "application/json"
    assert list(answer.json()) == ["resultats", "filtresPossibles"]


@pytest.mark.parametrize(
    ("asked", "status", "content_range", "count"),
    [
        (None, 206, "offres 0-149/2000", 150),
        ("0-149", 206, "offres 0-149/2000", 150),
        ("0-0", 206, "offres 0-0/2000", 1),
        ("150-299", 206, "offres 150-299/2000", 150),
        ("7-20", 206, "offres 7-20/2000", 14),
        ("1950-2099", 206, "offres 1950-1999/2000", 50),
        ("1999-1999", 206, "offres 1999-1999/2000", 1),
        ("2000-2149", 204, "offres -1--1/2000", 0),
        ("3000-3149", 204, "offres -1--1/2000", 0),
    ],
)
def test_pages(
    client: Client, asked: str | None, status: int, content_range: str, count: int
) -> None:
    answer = client.search(range=asked, **day(WEDNESDAY))
    assert (answer.status_code, answer.headers["Content-Range"]) == (status, content_range)
    assert (len(answer.json()["resultats"]) if answer.content else 0) == count


def test_nothing_found_is_an_empty_204(client: Client) -> None:
    answer = client.search(
        minCreationDate="2027-01-01T00:00:00Z", maxCreationDate="2027-01-02T00:00:00Z"
    )
    assert (answer.status_code, answer.content, answer.headers["Content-Range"]) == (
        204,
        b"",
        "*/0",
    )


def test_the_last_page_that_can_be_had_begins_at_3000() -> None:
    with running(Settings(offers_per_day=4_000, now=SETTINGS.now, rate=1_000)) as sandbox:
        client = Client(sandbox.url).login()
        answer = client.search(range="3000-3149", **day(WEDNESDAY))
        assert (answer.status_code, answer.headers["Content-Range"]) == (
            206,
            "offres 3000-3149/4000",
        )
        assert client.search(range="3001-3001", **day(WEDNESDAY)).status_code == 400


def test_all_pages_of_a_day_are_the_day(client: Client) -> None:
    found = [offer["id"] for page in client.pages(**day(WEDNESDAY)) for offer in page]
    assert len(found) == len(set(found)) == 2_000
    assert set(found) == set(client.control(f"ids?day={WEDNESDAY}"))


# --- the French texts

BOUND = "dépendants et doivent être renseignés ensemble."
FORMAT = "Format du paramètre « {} » incorrect. {} attendu."
VALUE = "Valeur du paramètre « {} » incorrecte."
MOST = "Le nombre de {} maximum autorisé pour la recherche est de {}"
DOMAINS = "A, B, C, C15, D, E, F, G, H, I, J, K, L, L14, M15, M18, M, M16, M17, M13, M14 ou N"
KEYWORDS = FORMAT.format(
    "motsCles", "7 mots-clé au maximum séparés par des virgules et d'au moins 2 caractères"
).replace(" attendu.", ".")
ERRORS: list[tuple[dict[str, Any], str]] = [
    ({"range": "0-150"}, "La plage de résultats demandée est trop importante."),
    ({"range": "3001-3010"}, "La position de début doit être inférieure ou égale à 3000."),
    ({"range": "3150-3299"}, "La position de début doit être inférieure ou égale à 3000."),
    ({"range": "0"}, FORMAT.format("range", "<entier>-<entier>")),
    ({"range": "a-b"}, FORMAT.format("range", "<entier>-<entier>")),
    ({"range": "20-10"}, FORMAT.format("range", "<entier>-<entier>")),
    (
        {"motsCles": "a"},
        KEYWORDS,
    ),
    (
        {"motsCles": "ab,cd,ef,gh,ij,kl,mn,op"},
        KEYWORDS,
    ),
    ({"publieeDepuis": "2"}, FORMAT.format("publieeDepuis", "1, 3, 7, 14 ou 31")),
    ({"experience": "5"}, FORMAT.format("experience", "0, 1, 2, 3 ou 4")),
    ({"experienceExigence": "X"}, FORMAT.format("experienceExigence", "D, E ou S")),
    ({"tempsPlein": "oui"}, "Format du paramètre « tempsPlein » incorrect. Booléen attendu."),
    ({"offresMRS": "1"}, "Format du paramètre « offresMRS » incorrect. Booléen attendu."),
    (
        {"grandDomaine": "A,Z"},
        FORMAT.format("grandDomaine", DOMAINS),
    ),
    ({"departement": "99"}, VALUE.format("departement")),
    ({"commune": "00000"}, VALUE.format("commune")),
    ({"region": "99"}, VALUE.format("region")),
    ({"typeContrat": "CDI,XXX"}, VALUE.format("typeContrat")),
    ({"typeContrat": "DDT"}, VALUE.format("typeContrat")),
    ({"natureContrat": "ZZ"}, VALUE.format("natureContrat")),
    ({"codeROME": "Z9999"}, VALUE.format("codeROME")),
    ({"domaine": "Z99"}, VALUE.format("domaine")),
    ({"codeNAF": "99.99X"}, VALUE.format("codeNAF")),
    ({"departement": "01,02,03,04,05,06"}, MOST.format("départements", 5)),
    ({"secteurActivite": "01,02,03"}, MOST.format("secteurs d'activité", 2)),
    ({"codeROME": ",".join(f"A{i:04d}" for i in range(201))}, MOST.format("codes ROME", 200)),
    (
        {"minCreationDate": "2026-11-18T00:00:00Z"},
        f"Les paramètres minCreationDate et maxCreationDate sont {BOUND}",
    ),
    (
        {"maxCreationDate": "2026-11-18T00:00:00Z"},
        f"Les paramètres minCreationDate et maxCreationDate sont {BOUND}",
    ),
    ({"salaireMin": "20000"}, f"Les paramètres salaireMin et periodeSalaire sont {BOUND}"),
    ({"periodeSalaire": "A"}, f"Les paramètres salaireMin et periodeSalaire sont {BOUND}"),
    ({"origineOffre": "3"}, FORMAT.format("origineOffre", "1 ou 2")),
    ({"qualification": "5"}, FORMAT.format("qualification", "0 ou 9")),
    ({"dureeHebdoMin": "35h"}, FORMAT.format("dureeHebdoMin", "HHMM")),
    ({"dureeContratMin": "100"}, FORMAT.format("dureeContratMin", "Nombre entre 0 et 99")),
    ({"sort": "3"}, FORMAT.format("sort", "0, 1 ou 2")),
    (
        {"modeSelectionPartenaires": "TOUS"},
        FORMAT.format("modeSelectionPartenaires", "INCLUS ou EXCLU"),
    ),
    *(
        (
            {"minCreationDate": text, "maxCreationDate": "2026-11-19T00:00:00Z"},
            FORMAT.format("minCreationDate", "yyyy-MM-dd'T'HH:mm:ss'Z'"),
        )
        for text in (
            "2026-11-18T00:00:00.000Z",
            "2026-11-18",
            "2026-02-30T00:00:00Z",
            "2026-11-18T00:00:00+01:00",
            "2026-1-8T00:00:00Z",
        )
    ),
    (
        {"minCreationDate": "2026-11-19T00:00:00Z", "maxCreationDate": "2026-11-18T00:00:00Z"},
        VALUE.format("minCreationDate"),
    ),
]


@pytest.mark.parametrize(("parameters", "message"), ERRORS)
def test_french_texts(client: Client, parameters: dict[str, str], message: str) -> None:
    before_ms = time.time_ns() // 1_000_000
    answer = client.search(**parameters)
    body = answer.json()
    assert answer.status_code == 400
    assert "Content-Range" not in answer.headers
    assert (list(body), body["codeHttp"], body["message"]) == (
        ["codeErreur", "codeHttp", "message"],
        400,
        message,
    )
    assert before_ms <= int(body["codeErreur"]) <= time.time_ns() // 1_000_000


@pytest.mark.parametrize(
    "parameters",
    [
        {"pays": "99127"},
        {"page": "3", "size": "10"},
        {"salaireMax": "1"},
        {"typeContrat": "", "natureContrat": ""},
        {"theoricalDuration": "x"},
    ],
)
def test_unknown_and_empty_parameters_are_ignored(
    client: Client, parameters: dict[str, str]
) -> None:
    assert total(client.search(**day(WEDNESDAY), **parameters)) == 2_000


def test_of_a_parameter_given_twice_the_first_counts(client: Client) -> None:
    once = client.search(**day(WEDNESDAY), domaine="N11")
    twice = client.search(**day(WEDNESDAY), domaine=["N11", "J15"])
    assert twice.headers["Content-Range"] == once.headers["Content-Range"]


# --- one offer, référentiels, the rest


def test_one_offer_is_the_same_bytes_as_in_a_search(client: Client) -> None:
    page = client.search(**day(WEDNESDAY), range="0-2")
    for offer in page.json()["resultats"]:
        answer = client.get(f"/offres/{offer['id']}")
        assert answer.status_code == 200
        assert answer.content in page.content


@pytest.mark.parametrize(
    ("offer_id", "status"), [("999ZZZZ", 204), ("193AEIO", 400), ("12345678", 400), ("abc", 400)]
)
def test_one_offer_that_is_not_there(client: Client, offer_id: str, status: int) -> None:
    answer = client.get(f"/offres/{offer_id}")
    assert answer.status_code == status
    if status == 400:
        assert answer.json()["message"] == "Le format de l'id de l'offre recherchée est incorrect."
    else:
        assert answer.content == b""


REFERENTIALS = (
    *(
        "appellations",
        "communes",
        "continents",
        "departements",
        "domaines",
        "langues",
        "metiers",
        "nafs",
    ),
    *("naturesContrats", "niveauxFormations", "pays", "permis", "regions", "secteursActivites"),
    *("themes", "typesContrats"),
)


@pytest.mark.parametrize("name", REFERENTIALS)
def test_referentials(client: Client, name: str) -> None:
    answer = client.get(f"/referentiel/{name}")
    items = answer.json()
    assert answer.status_code == 200
    assert answer.headers["Content-Range"] == f"{name} */{len(items)}"
    assert {"code", "libelle"} <= set(items[0])
    assert len({item["code"] for item in items}) == len(items)


def test_referentials_have_the_shapes_and_sizes_of_the_real_ones(client: Client) -> None:
    assert len(REFERENTIALS) == 16
    departements = client.get("/referentiel/departements").json()
    region = {"code": "84", "libelle": "Auvergne-Rhône-Alpes"}
    assert departements[0] == {"code": "01", "libelle": "Ain", "region": region}
    commune = next(c for c in client.get("/referentiel/communes").json() if c["code"] == "33063")
    assert commune == {
        "code": "33063",
        "libelle": "BORDEAUX",
        "codePostal": "33000",
        "codeDepartement": "33",
    }
    sizes = {"departements": 101, "regions": 18, "typesContrats": 12, "nafs": 732}
    assert {name: len(client.get(f"/referentiel/{name}").json()) for name in sizes} == sizes


@pytest.mark.parametrize(
    ("path", "status"),
    [("/referentiel/niveauxExperience", 404), ("/offres", 404), ("/nothing/here", 404)],
)
def test_paths_that_do_not_exist(client: Client, path: str, status: int) -> None:
    assert client.get(path).status_code == status


def test_only_get_is_answered(client: Client) -> None:
    answer = client.session.post(
        f"{client.url}/partenaire/offresdemploi/v2/offres/search", timeout=30
    )
    assert answer.status_code == 405


# --- rate


def test_ten_requests_at_once_then_429() -> None:
    with running(Settings(offers_per_day=100, now=SETTINGS.now, rate=10)) as sandbox:
        client = Client(sandbox.url).login()
        client.search()  # makes the offers, which takes longer than a refill
        answers = [client.get("/referentiel/regions") for _ in range(40)]
        refused = [answer for answer in answers if answer.status_code == 429]
        assert all(answer.status_code == 200 for answer in answers[:9])
        assert refused
        assert {answer.headers["Retry-After"] for answer in refused} == {"1"}
        assert {answer.headers["Content-Type"] for answer in refused} == {"text/plain"}
        assert {answer.content for answer in refused} == {b""}
        assert {answer.headers["X-Ratelimit-Remaining-Clientidlimiter"] for answer in refused} == {
            "0"
        }
        assert client.control("stats")["rate_limited"] == len(refused)


def test_every_answer_carries_the_rate_headers(client: Client) -> None:
    for answer in (
        client.search(range="0-0"),
        client.search(range="x"),
        client.get("/referentiel/regions"),
    ):
        headers = {
            name: value for name, value in answer.headers.items() if name.startswith("x-ratelimit")
        }
        remaining = int(headers.pop("x-ratelimit-remaining-clientidlimiter"))
        assert 0 <= remaining < SETTINGS.rate
        assert headers == {
            "x-ratelimit-burst-capacity-clientidlimiter": "100000",
            "x-ratelimit-replenish-rate-clientidlimiter": "100000",
            "x-ratelimit-requested-tokens-clientidlimiter": "1",
        }


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/partenaire/offresdemploi/v2/offres/search"),  # no token: 401
        ("GET", "/partenaire/offresdemploi/v2/referentiel/metiers"),
        ("POST", "/connexion/oauth2/access_token?realm=/partenaire"),  # no client: 400
        ("GET", "/connexion/oauth2/access_token"),
        ("GET", "/_sandbox/health"),
        ("GET", "/anywhere"),
    ],
)
def test_every_answer_says_that_it_is_of_the_sandbox(method: str, path: str) -> None:
    with running(Settings(offers_per_day=10, now=SETTINGS.now)) as sandbox:
        answer = requests.request(method, f"{sandbox.url}{path}", timeout=30)
    # what the client looks for, spelled once on each side
    assert answer.headers[GENERATED_HEADER] == "sandbox"
