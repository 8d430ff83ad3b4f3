"""Every assumption about the API that a sandbox is told to break is told, with what to change."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from jobmarket.foundation.errors import AccessDenied, SourceUnavailable
from jobmarket.foundation.http.transport import Reply
from jobmarket.sources.france_travail.client.settings import ClientSettings
from jobmarket.sources.france_travail.evidence import inquiry
from jobmarket.sources.france_travail.evidence.inquiry import Inquiry
from jobmarket.sources.france_travail.evidence.record import as_json, as_markdown, inquire

from sandbox import api as sandbox_api
from sandbox import oauth, paging, query, referentials, results, selection, server
from sandbox.answers import Answer
from sandbox.server import Handle, running
from sandbox.settings import FAULT_KINDS, Faults, Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jobmarket.sources.france_travail.evidence.record import Record

NOW = datetime(2026, 11, 26, 15, 0, tzinfo=ZoneInfo("Europe/Paris"))
SECRET = "the-secret-of-the-client"
RATE = 2_000


@pytest.fixture(scope="module")
def served() -> Iterator[Handle]:
    settings = Settings(
        offers_per_day=4_000, rate=RATE, now=NOW.replace(tzinfo=None), client_secret=SECRET
    )
    with running(settings) as sandbox:
        yield sandbox


def asked(url: str, *, now: datetime = NOW, rate: float = RATE, secret: str = SECRET) -> Record:
    token_url = f"{url}/connexion/oauth2/access_token?realm=%2Fpartenaire"
    settings = ClientSettings(
        "france_travail", url, token_url, "sandbox", secret, "api_offresdemploiv2 o2dsoffre", rate, False
    )  # fmt: skip
    api = Inquiry(settings, now)
    try:
        return inquire(api)
    finally:
        api.close()


def differing(record: Record) -> set[str]:
    return {one.name for one in record.differing}


def test_an_api_as_assumed_differs_in_nothing(served: Handle) -> None:
    served.app.journal.clear()
    record = asked(served.url)
    assert differing(record) == set()
    assert {one.name for one in record.findings if one.verdict == "not seen"} == set()
    assert len(record.findings) > 50
    assert len({one.name for one in record.findings}) == len(record.findings)
    # the tokens are not in the journal
    assert record.requests <= 50
    assert sum(served.app.journal.stats()["by_status"].values()) <= record.requests


def patched(module: Any, name: str, value: Any) -> Callable[[pytest.MonkeyPatch, Handle], None]:
    return lambda monkeypatch, _: monkeypatch.setattr(module, name, value)


def status_of(whole: int = 200, none: str = "*/0", beyond: str = "offres -1--1/{}") -> Any:
    kept = paging.status_and_content_range

    def status_and_content_range(asked: Any, total: int) -> tuple[int, str]:
        status, said = kept(asked, total)
        if status == 200:
            return whole, said
        if status == 204:
            return 204, (none if total == 0 else beyond.format(total))
        return status, said

    return status_and_content_range


def without_texts(self: Any) -> Answer:
    return Answer.json(self.status, {"erreur": "autre texte"})


def facets_off(columns: Any) -> bytes:
    counted = json.loads(KEPT_FACETS(columns))
    for facet in counted:
        for one in facet["agregation"]:
            one["nbResultats"] += 1
    return json.dumps(counted).encode()


def backwards(columns: Any, asked: Any) -> Any:
    return KEPT_RANKED(columns, asked)[::-1]


def with_null(self: Any, span: Any, has_unknown: bool) -> bytes:
    return KEPT_PAGE(self, span, has_unknown).replace(b'{"id":', b'{"contact":null,"id":')


def with_another_id(self: Any, span: Any, has_unknown: bool) -> bytes:
    return KEPT_PAGE(self, span, has_unknown).replace(b'{"id":"', b'{"id":"x-')


def any_bounds(parameters: dict[str, str]) -> Any:
    names = ("minCreationDate", "maxCreationDate")
    bounds = sorted(parameters[name].replace(".000Z", "Z") for name in names if name in parameters)
    if bounds:
        parameters = parameters | {names[0]: bounds[0], names[1]: bounds[-1]}
    return KEPT_QUERY(parameters)


def narrowed(parameters: dict[str, str]) -> Any:
    return KEPT_QUERY(parameters | ({"typeContrat": "CDI"} if "inconnu" in parameters else {}))


KEPT_QUERY = query.parse_query
KEPT_FACETS, KEPT_RANKED, KEPT_PAGE = results.facets, selection.ranked, results.Result.page
PATCHES: dict[str, tuple[Callable[[pytest.MonkeyPatch, Handle], None], set[str]]] = {
    "wider pages": (patched(paging, "PAGE_MAX", 200), {"page too wide"}),
    "deeper pages": (patched(paging, "FIRST_MAX", 10_000), {"page too deep"}),
    "pages of 2021": (patched(paging, "FIRST_MAX", 1_000), {"deepest page"}),
    "another Accept-Range": (patched(sandbox_api, "ACCEPT_RANGE", {"Accept-Range": "100"}), {"Accept-Range"}),
    "206 for a whole": (
        patched(sandbox_api, "status_and_content_range", status_of(whole=206)), {"whole result"}
    ),
    "another header of nothing": (
        patched(sandbox_api, "status_and_content_range", status_of(none="offres */0")), {"no hit"}
    ),
    "*/0 beyond the end": (
        patched(sandbox_api, "status_and_content_range", status_of(beyond="*/0")), {"page beyond the end"}
    ),
    "other texts": (
        lambda monkeypatch, _: monkeypatch.setattr("sandbox.answers.ApiError.answer", without_texts),
        {"page too wide", "page too deep", "range syntax", "malformed id", "wrong publieeDepuis",
         "wrong departement", "error body"},
    ),
    "facets off by one": (
        patched(results, "facets", facets_off),
        {"facets add up", "filter", "filter with several values"},
    ),
    "no facets": (patched(results, "facets", lambda _: b"[]"), {"facets", "facets add up"}),
    "oldest first": (patched(results, "ranked", backwards), {"order without sort", "order by date"}),
    "nulls": (patched(results.Result, "page", with_null), {"null"}),
    "lists cut short": (
        patched(referentials, "answer", lambda name: Answer.json(200, [{"code": "1"}])),
        {"list metiers", "list departements", "list typesContrats", "unknown list"},
    ),
    "403 for an unknown token": (
        patched(server, "unauthorized", lambda: Answer(403, b"no", {})), {"unknown token"}
    ),
    "401 for an unknown client": (
        patched(oauth, "_error", lambda error, _: Answer.json(401, {"error": error})),
        {"unknown client", "unknown scope"},
    ),
    "any bounds are taken": (
        patched(sandbox_api, "parse_query", any_bounds),
        {"one bound only", "milliseconds in a bound", "bounds the wrong way about"},
    ),
    "an id of another form": (
        patched(results.Result, "page", with_another_id), {"ids", "one offer"}
    ),
    "unknown parameters narrow": (
        patched(sandbox_api, "parse_query", narrowed), {"unknown parameter"}
    ),
    "no offer by its id": (patched(sandbox_api, "_offer", lambda *_: Answer(404)),
                           {"one offer", "unknown offer", "malformed id"}),
    "tokens of an hour": (
        lambda monkeypatch, handle: monkeypatch.setattr(
            handle.app._desk, "_settings", replace(handle.app.settings, token_life_s=3_600)
        ),
        {"token life"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PATCHES)
def test_what_a_sandbox_does_otherwise_is_told(
    served: Handle, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    break_it, expected = PATCHES[name]
    served.app.world.change_faults(Faults())
    break_it(monkeypatch, served)
    record = asked(served.url)
    served.app.world.change_faults(Faults())
    assert differing(record) == expected
    assert all(one.where for one in record.differing)


FAULTS: dict[str, tuple[Faults, set[str], dict[str, str]]] = {
    "UTC in winter": (
        Faults(filter_shift_s=3_600), {"clock of the filter"},
        {"clock of the filter": "when asked for -3600 s from its own second"},
    ),
    "UTC in summer": (Faults(filter_shift_s=7_200), {"clock of the filter"}, {}),
    "the other way": (Faults(filter_shift_s=-7_200), {"clock of the filter"}, {}),
    "a clock of its own": (
        Faults(filter_shift_s=12_345), {"clock of the filter"},
        {"clock of the filter": "not given by its own second, nor an hour or two away"},
    ),
    "bounds left out": (
        Faults(exclusive_bounds=True), {"lower bound", "upper bound"}, {"lower bound": "left out"},
    ),
    "fields that nobody knows": (
        Faults(unknown_fields=True), {"fields"}, {"fields": "etiquettes, indiceTension, teletravail"},
    ),
    "replicas": (Faults(replicas=True, replica_gap=0.1), {"one state"}, {}),
    "withdrawals": (Faults(vanish=2_000, vanish_pace=1), {"nothing goes"}, {}),
    "one failure in eight": (
        Faults(every=8, kinds=("500", "502", "503", "html-502", "html-200")), {"failures"},
        {"failures": "x 500"},
    ),
    "refused tokens": (Faults(every=11, kinds=("401",)), {"failures"}, {"failures": "x 401"}),
    "closed connections": (
        Faults(every=9, kinds=("closed", "cut")), {"failures"}, {"failures": "no whole answer"}
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_what_a_sandbox_is_told_to_break_is_told(served: Handle, name: str) -> None:
    faults, expected, met = FAULTS[name]
    served.app.world.change_faults(faults)
    try:
        record = asked(served.url)
    finally:
        served.app.world.change_faults(Faults())
    assert expected <= differing(record)
    if name not in ("replicas", "withdrawals"):  # they make totals differ wherever two are compared
        assert differing(record) - expected <= {"one offer"}
    found = {one.name: one.met for one in record.findings}
    assert {key: words for key, words in met.items() if words not in found[key]} == {}


def test_each_fault_of_the_sandbox_is_asked_about() -> None:
    none = vars(Faults())
    told = [vars(faults) for faults, _, _ in FAULTS.values()]
    broken = {name for one in told for name, value in one.items() if value != none[name]}
    # how long a slow answer takes is its own test; whether an absent offer is live is asked of each, and
    # asked again where the answer is none
    assert none.keys() - broken == {"slow_ms", "hidden_share", "detail_every", "detail_kind"}
    kinds = {kind for faults, _, _ in FAULTS.values() if faults.every for kind in faults.kinds}
    assert set(FAULT_KINDS) - kinds == {"slow", "429"}


def test_a_slow_answer_and_one_that_is_too_many_are_told(
    served: Handle, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("inquiry", "steadiness"):
        monkeypatch.setattr(f"jobmarket.sources.france_travail.evidence.{module}.SLOW_S", 0.15)
    at_once = Answer(429, b"", {"Retry-After": "0"})
    for module in ("server", "faults"):
        monkeypatch.setattr(f"sandbox.{module}.too_many_requests", lambda: at_once)
    served.app.world.change_faults(Faults(every=12, kinds=("slow", "429"), slow_ms=200))
    try:
        record = asked(served.url)
    finally:
        served.app.world.change_faults(Faults())
    assert {"failures", "speed"} <= differing(record)
    told = next(one.met for one in record.findings if one.name == "failures")
    assert "x 429" in told
    assert "x slow" in told


def test_another_rate_than_the_connection_says_is_told(served: Handle) -> None:
    record = asked(served.url, rate=1_000)
    assert differing(record) == {"rate"}
    (rate,) = record.differing
    assert rate.where == "requests_per_second in the extra of the connection france_travail"
    assert rate.met == f"Burst-Capacity {RATE}, Replenish-Rate {RATE}"


@pytest.mark.parametrize(
    ("hours", "verdict"), [(0, "as assumed"), (1, "differs"), (-1, "differs"), (5, "not seen")]
)
def test_the_clock_of_offers_is_told_from_utc(served: Handle, hours: int, verdict: str) -> None:
    record = asked(served.url, now=NOW + timedelta(hours=hours))
    found = {one.name: one.verdict for one in record.findings}
    assert found["clock of offers"] == verdict


def test_requests_are_bounded_in_number_and_in_rate(
    served: Handle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inquiry, "MOST_REQUESTS", 15)
    served.app.journal.clear()
    record = asked(served.url, rate=40)
    assert record.requests == 15
    assert served.app.journal.stats()["max_requests_in_one_second"] <= 20 + 4
    spent = {one.name: one.met for one in record.findings if one.name.startswith("rest of ")}
    assert set(spent) == {
        f"rest of {kind}" for kind in ("paging", "dates", "content", "steadiness")
    }
    assert spent["rest of dates"] == "15 requests were spent before"


def test_the_files_say_what_differs_first_and_hold_no_secret(served: Handle) -> None:
    served.app.world.change_faults(Faults(exclusive_bounds=True))
    record = asked(served.url)
    served.app.world.change_faults(Faults())
    text, body = as_markdown(record), as_json(record).decode()
    rows = [line for line in text.splitlines() if line.startswith("| ")][1:]
    assert [row.split(" | ")[1] for row in rows[:3]] == ["**differs**", "**differs**", "as assumed"]
    assert "Asked on 2026-11-26 14:00 UTC" in text
    assert "about the offers of 2026-11-25: 2 of" in text
    read = json.loads(body)
    assert read["asked_at"] == "2026-11-26T14:00:00+00:00"
    assert len(read["findings"]) == len(rows) == len(record.findings)
    tokens = list(served.app._desk._ends_at)
    assert len(tokens) > 2
    assert [secret for secret in (SECRET, *tokens) if secret in text + body] == []


def test_no_token_no_right_and_a_long_wait_end_it_with_a_sentence(
    served: Handle, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(AccessDenied, match="check its login"):
        asked(served.url, secret="another-secret-of-the-client")
    with pytest.raises(SourceUnavailable) as caught:
        asked("http://127.0.0.1:9")
    assert "France Travail gave no token (" in str(caught.value)
    assert "etat-sante-api and ask for the evidence again" in str(caught.value)
    long = Answer(429, b"", {"Retry-After": "600"})
    monkeypatch.setattr("sandbox.faults.too_many_requests", lambda: long)
    served.app.world.change_faults(Faults(every=1, kinds=("429",)))
    record = asked(served.url)
    said = {one.name: one.met for one in record.findings if one.name.startswith("rest of")}
    assert len(said) == 5
    assert all("ask for the evidence again after that" in met for met in said.values())
    served.app.world.change_faults(Faults(every=1, kinds=("closed",)))
    record = asked(served.url)
    said = {one.name: one.met for one in record.findings if one.name.startswith("rest of")}
    assert all("France Travail gave no answer in 3 requests" in met for met in said.values())
    served.app.world.change_faults(Faults())
    assert differing(asked(served.url)) == set()
    with pytest.raises(AccessDenied, match="answers 403 to the evidence: the application of"):
        inquiry._failure_of(inquiry.Exchange(Reply(403), 0.0))
