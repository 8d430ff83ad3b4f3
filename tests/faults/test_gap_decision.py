"""A day with a gap is put to a person, who answers through Airflow's own API."""

from __future__ import annotations

import json
import threading
import time
import urllib.request
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from jobmarket.airflow.gap_decision import PUBLISH, REFUSE

from tests.airflow.test_daily_run import DAY, house  # noqa: F401  a fixture
from tests.support import ui_server
from tests.support.airflow_runs import a_gap
from tests.support.alarm_servers import mailbox

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.airflow_runs import House

pytestmark = [pytest.mark.airflow, pytest.mark.filterwarnings("default")]


@pytest.fixture(scope="module")
def server(
    airflow_metadata: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ui_server.Server]:
    with ui_server.running(tmp_path_factory.mktemp("ui") / "server") as server:
        yield server


def ask(server: ui_server.Server, path: str, body: dict[str, Any] | None = None) -> Any:
    request = urllib.request.Request(
        f"{server.url}/api/v2/{path}", data=json.dumps(body).encode() if body else None
    )
    request.add_header("Authorization", f"Bearer {server.token('admin')}")
    request.add_header("Content-Type", "application/json")
    request.method = "PATCH" if body else "GET"
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def answered(server: ui_server.Server, choice: str, seen: list[dict[str, Any]]) -> None:
    """Wait for the question and answer it."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        found = ask(server, "dags/~/dagRuns/~/hitlDetails?response_received=false")["hitl_details"]
        if found:
            seen.append(found[0])
            instance = found[0]["task_instance"]
            ask(
                server,
                f"dags/{instance['dag_id']}/dagRuns/{quote(instance['dag_run_id'])}"
                f"/taskInstances/{instance['task_id']}/-1/hitlDetails",
                {"chosen_options": [choice], "params_input": {}},
            )
            return
        time.sleep(0.5)


@pytest.mark.parametrize(
    ("choice", "state", "standing"), [(PUBLISH, "success", [("with_gap",)]), (REFUSE, "failed", [])]
)
def test_a_person_decides_whether_a_day_with_a_gap_is_published(
    house: House,  # noqa: F811
    server: ui_server.Server,
    monkeypatch: pytest.MonkeyPatch,
    choice: str,
    state: str,
    standing: list[tuple[str]],
) -> None:
    monkeypatch.setenv("AIRFLOW__API__BASE_URL", server.url)
    seen: list[dict[str, Any]] = []
    person = threading.Thread(target=answered, args=(server, choice, seen))
    with mailbox() as mails, a_gap(house, monkeypatch):
        house.connect("alarm_smtp", **mails.connection())
        person.start()
        run = house.run(DAY, ask=True)
        person.join()
    assert run["state"] == state, house.sentences
    assert house.rows("select standing from control.day_run") == standing
    (question,) = seen
    assert question["options"] == [PUBLISH, REFUSE]
    assert question["subject"] == f"france_travail: {DAY} is not certified. Publish it?"
    assert "offers announced were not given" in question["body"]
    subjects = [subject for subject, _ in mails.mails]
    assert subjects[0] == f"[jobmarket] france_travail {DAY} is not certified: decide"
    assert "required_actions" in mails.mails[0][1]
    if choice == REFUSE:
        assert "or set allow_gap" in house.sentences[-1]


def test_nobody_is_asked_who_has_decided_before(
    house: House,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with a_gap(house, monkeypatch):
        assert house.run(DAY, ask=True, allow_gap=True)["state"] == "success", house.sentences
    assert house.rows("select standing from control.day_run") == [("with_gap",)]
