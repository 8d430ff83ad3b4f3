"""Sentences about Adzuna: its connection, its account, the budget of requests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import requests
from jobmarket.airflow.connections import open_warehouse
from jobmarket.airflow.source_hook import SourceHook
from jobmarket.sources.adzuna.budget import Ledger
from jobmarket.sources.adzuna.client import ATTEMPTS, AdzunaClient
from jobmarket.sources.adzuna.question import Question

from sandbox.adzuna.settings import AdzunaSettings
from sandbox.server import running
from sandbox.settings import Settings
from tests.support.airflow_runs import sandbox_connection
from tests.support.remedies.of_source import Canned, canned
from tests.support.remedies.parts import CASES, Parts, another, bring_up_to_date, obeys

if TYPE_CHECKING:
    from tests.support.remedies.parts import Case

STAND_IN = Settings(rate=400, adzuna=AdzunaSettings(live=500))
NO_AD = Canned(200, body=b'{"count":0,"results":[]}')


def connect(parts: Parts, url: str, **changes: Any) -> None:
    """Set the connection to the stand-in, or to whatever stands there, and make its waits short."""
    account = {"login": STAND_IN.adzuna.app_id, "password": STAND_IN.adzuna.app_key, "extra": {}}
    parts.connect("adzuna", **sandbox_connection(url, **account | changes))
    parts.monkeypatch.setattr("jobmarket.sources.adzuna.client.BACKOFF_S", 0.001)


def ask(run_id: str = "a-run") -> None:
    """Ask one question, as the run does."""
    settings = SourceHook("adzuna").get_conn()
    with open_warehouse() as connection:
        client = AdzunaClient(settings, Ledger(connection, "adzuna", run_id, settings.limits))
        try:
            client.ask(Question(2))
        finally:
            client.close()


def connection_case(**changes: Any) -> Case:
    """Return a case in which the connection to Adzuna is wrong, and corrected."""

    def case(parts: Parts) -> Any:
        bring_up_to_date()
        with running(STAND_IN) as api:
            address = api.url.partition("://")[2]
            wrong = {
                name: value.format(address=address) if isinstance(value, str) else value
                for name, value in changes.items()
            }
            connect(parts, api.url, **wrong)
            yield ask
            connect(parts, api.url)
            yield ask

    return case


CASES |= {
    "characters or more without blanks: set it to {} that developer.adzuna.com shows": (
        connection_case(login="")
    ),
    'is no JSON object: write it as {"requests_per_day": 250}': connection_case(extra="[1]"),
    "must be a whole number from 1 to {}: correct its extra, or leave it out": connection_case(
        extra={"requests_per_day": "250"}
    ),
    "without user, password and query: correct it, or leave it out": connection_case(
        host="http://sandbox:sandbox@{address}"
    ),
    "a budget that is used up looks otherwise": connection_case(password="0000111122223333"),
}


def fault_case(kind: str) -> Case:
    """Return a case in which each search misbehaves until it is over."""

    def case(parts: Parts) -> Any:
        bring_up_to_date()
        with running(STAND_IN) as api:
            faults = f"{api.url}/_sandbox/adzuna/faults"
            requests.put(faults, json={"every": 1, "kinds": [kind]}, timeout=10)
            connect(parts, api.url)
            yield ask
            assert len(api.app.adzuna.journal.entries()) == ATTEMPTS
            requests.put(faults, json={"every": 0}, timeout=10)
            yield ask

    return case


CASES |= {
    "another program asks with the same account; it goes on where it stopped": fault_case("429"),
    "(the last: {}): it goes on where it stopped": fault_case("503"),
}


@obeys("(AUTH_FAIL): check login (app id) and password (app key) of its connection")
def a_refusal_that_calls_itself_a_success(parts: Parts) -> Any:
    bring_up_to_date()
    with canned(Canned(200, body=b'{"exception":"AUTH_FAIL"}'), NO_AD) as url:
        connect(parts, url, password="0000111122223333")
        yield ask
        connect(parts, url)
        yield ask


@obeys("another program uses the account, or its limits are lower; set them in the connection")
def an_account_with_lower_limits(parts: Parts) -> Any:
    bring_up_to_date()
    with canned(Canned(403), NO_AD) as url:
        connect(parts, url)
        yield ask
        connect(parts, url, extra={"requests_per_day": 2})
        yield ask


@obeys("it can go on from {} (Europe/Paris); nothing is asked before")
def a_day_whose_requests_are_made(parts: Parts) -> Any:
    bring_up_to_date()
    with running(STAND_IN) as api:
        connect(parts, api.url, extra={"requests_per_day": 1})
        ask()
        yield ask
        with another(parts.dsn) as other:  # the time that the sentence says goes by
            other.execute(
                "update control.source_request set reserved_at = reserved_at - interval '25 hours 1 minute'"
            )
        yield ask
        assert [entry["status"] for entry in api.app.adzuna.journal.entries()] == [200, 200]


@obeys("raise requests_per_run of the connection, or take the share as it is")
def a_run_whose_requests_are_made(parts: Parts) -> Any:
    bring_up_to_date()
    with running(STAND_IN) as api:
        connect(parts, api.url, extra={"requests_per_run": 1})
        ask()
        yield ask
        connect(parts, api.url, extra={"requests_per_run": 2})
        yield ask
