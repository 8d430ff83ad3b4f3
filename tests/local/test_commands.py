"""The commands a person types: `make up` and what one does with it, on a sandbox with a small day.

`make run` and `make up` share their parts; both run here as a person runs them, in a state of their own.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from tests.support.ui_browser import CHROMEDRIVER, CHROMIUM, Eyes, browsing

if TYPE_CHECKING:
    from collections.abc import Iterator

REPOSITORY = Path(__file__).parents[2]
DAY = "2026-11-18"
RUN_TIMEOUT_S = 300

pytestmark = pytest.mark.airflow


@pytest.fixture(scope="module")
def environment() -> dict[str, str]:
    """Return the environment of a new user, who has a small sandbox."""
    state = Path(os.environ["AIRFLOW_HOME"]).parent / "commands"
    state.mkdir()
    own = {name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW")}
    return {
        **own,
        "JOBMARKET_STATE": str(state),
        "SANDBOX_OPTIONS": "--offers-per-day 700 --no-lively",
    }


def make(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        arguments, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{arguments}: {done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout


def found(pattern: str, output: str) -> re.Match[str]:
    match = re.search(pattern, output, re.M)
    assert match, output
    return match


def table(output: str) -> dict[str, int]:
    rows = re.findall(r"^  (announced|collected|rejected|loaded|changed) +(\d+)$", output, re.M)
    return {name: int(value) for name, value in rows}


@pytest.fixture(scope="module")
def first(environment: dict[str, str]) -> str:
    """Return what the first `make run` prints; the parts that it sets up are there from then on."""
    return make(environment, "make", "run", f"DAY={DAY}")


def test_make_run_twice_changes_nothing_the_second_time(
    environment: dict[str, str], first: str
) -> None:
    assert table(first) == {
        "announced": 700, "collected": 700, "rejected": 0, "loaded": 700, "changed": 700,
    }  # fmt: skip
    page = Path(found(r"^  report +(\S+)$", first)[1])
    assert '<html lang="fr"' in page.read_text()
    second = make(environment, "make", "run", f"DAY={DAY}")
    assert table(second) == {**table(first), "changed": 0}


def test_make_migrate_finds_nothing_to_do_after_a_run(
    environment: dict[str, str], first: str
) -> None:
    said = make(environment, "make", "migrate")
    assert "The warehouse is up to date: nothing was lacking" in said


def test_make_doctor_finds_nothing_red_on_the_laptop_and_writes_the_evidence(
    environment: dict[str, str],
) -> None:
    said = make(environment, "make", "doctor", "EVIDENCE=1")
    assert re.search(r"^✓ warehouse +schema +up to date: version", said, re.M)
    assert re.search(r"^– warehouse +TLS +not on a laptop: ", said, re.M)
    assert "\nnone of 27 lines is red.\n" in said
    met = re.search(
        r"^(\d+) of (\d+) assumptions differ, asked in \d+ requests: (\S+)$", said, re.M
    )
    assert met
    differing, file = int(met[1]), Path(met[3])
    # 700 offers a day hold no whole second for certain: what cannot be told is no difference
    assert differing == 0
    assert file.read_text(encoding="utf-8").startswith("# How 127.0.0.1 answers")
    assert len(json.loads(file.with_suffix(".json").read_text())["findings"]) == int(met[2])


def test_make_run_refuses_a_malformed_day(environment: dict[str, str]) -> None:
    done = subprocess.run(
        ["make", "--no-print-directory", "run", "DAY=18/11/2026"],
        cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert done.stderr.startswith("DAY must be a day like 2026-11-18, but is '18/11/2026'\n")
    # before any part is started
    assert done.stdout == ""


def test_make_demo_shows_a_market_that_moved_and_a_coverage_that_did(
    environment: dict[str, str],
) -> None:
    state = Path(environment["JOBMARKET_STATE"]).parent / "demo"
    output = make({**environment, "JOBMARKET_STATE": str(state)}, "make", "demo")
    shown = {
        key: plain(Path(page).read_text(encoding="utf-8"))
        for key, page in re.findall(r"^  (\S+)  .*\n +(\S+index\.html)$", output, re.M)
    }
    assert list(shown) == ["2026-10-29", "2026-10-30", "2026-W44", "2026-10"]
    assert "La couverture a changé, pas le marché. Flux absent : JOBATOUT" in shown["2026-10-29"]
    assert "La couverture a changé, pas le marché. Flux en rattrapage" in shown["2026-10-30"]
    week = shown["2026-W44"]
    assert "7 jours comparés sur 7" in week
    assert "Administrateur / Administratrice de systèmes d’information (SI)" in week
    assert "373 offres contre 210 habituellement" in week
    assert "Période certifiée" not in week
    # none of them can be taken for a page of the market
    assert all("inventées par le bac à sable" in text for text in shown.values())
    assert f"JOBMARKET_STATE={state} make up" in output


def plain(html: str) -> str:
    return html.replace("\u202f", " ").replace("\u00a0", " ")


class Airflow:
    """The REST API of what `make up` started."""

    def __init__(self, output: str) -> None:
        self.url = found(r"Airflow +(http://\S+)/$", output)[1]
        self.login = found(r"login +(\S+) / (\S+)", output).groups()
        self.token = ""
        login = dict(zip(("username", "password"), self.login, strict=True))
        self.token = self.call("POST", "/auth/token", login)["access_token"]

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        request = urllib.request.Request(
            self.url + path, method=method, data=json.dumps(body).encode() if body else None
        )
        request.add_header("Content-Type", "application/json")
        if self.token:
            request.add_header("Authorization", f"Bearer {self.token}")
        with urllib.request.urlopen(request, timeout=60) as answer:
            return dict(json.load(answer))

    def runs(self) -> list[dict[str, Any]]:
        runs = self.call("GET", "/api/v2/dags/france_travail_daily/dagRuns?limit=100")
        return list(runs["dag_runs"])

    def wait_for(self, days: set[str], **conf: str) -> dict[str, str]:
        """Wait until a run of each partition, told at least so much, has ended; return their states."""
        deadline = time.monotonic() + RUN_TIMEOUT_S
        while True:
            told = [run for run in self.runs() if conf.items() <= (run["conf"] or {}).items()]
            states = {run["partition_key"]: run["state"] for run in told}
            if all(states.get(day) in ("success", "failed") for day in days):
                return {day: states[day] for day in days}
            assert time.monotonic() < deadline, states
            time.sleep(0.5)


@pytest.fixture(scope="module")
def up(environment: dict[str, str]) -> Iterator[Airflow]:
    yield Airflow(make(environment, "make", "up"))
    make(environment, "make", "down")


def test_a_backfill_from_the_command_line_runs_its_days(
    environment: dict[str, str], up: Airflow
) -> None:
    make(environment, "scripts/airflow", "dags", "unpause", "france_travail_daily")
    make(
        environment, "scripts/airflow", "backfill", "create", "--dag-id", "france_travail_daily",
        "--from-date", "2026-11-16", "--to-date", "2026-11-17",
    )  # fmt: skip
    days = {"2026-11-16", "2026-11-17"}
    assert up.wait_for(days) == dict.fromkeys(days, "success")
    # Airflow has one backfill of a DAG at a time, and looks twice a minute whether one has ended
    deadline = time.monotonic() + RUN_TIMEOUT_S
    asked = "/api/v2/backfills?dag_id=france_travail_daily"
    while not all(one["completed_at"] for one in up.call("GET", asked)["backfills"]):
        assert time.monotonic() < deadline
        time.sleep(0.5)
    # the same days again from raw, with no report
    make(
        environment, "scripts/airflow", "backfill", "create", "--dag-id", "france_travail_daily",
        "--from-date", "2026-11-16", "--to-date", "2026-11-17", "--reprocess-behavior", "completed",
        "--dag-run-conf", '{"source": "raw", "report": false}',
    )  # fmt: skip
    assert up.wait_for(days, source="raw") == dict.fromkeys(days, "success")
    rebuilt = [run for run in up.runs() if (run["conf"] or {}).get("source") == "raw"]
    path = "/api/v2/dags/france_travail_daily/dagRuns/{}/taskInstances/report"
    states = [up.call("GET", path.format(run["dag_run_id"]))["state"] for run in rebuilt]
    assert states == ["skipped", "skipped"]


def test_a_trigger_with_a_key_runs_that_day(environment: dict[str, str], up: Airflow) -> None:
    body = {"logical_date": None, "partition_key": "2026-11-12"}
    up.call("POST", "/api/v2/dags/france_travail_daily/dagRuns", body)
    assert up.wait_for({"2026-11-12"}) == {"2026-11-12": "success"}


def test_the_parts_of_airflow_are_healthy(up: Airflow) -> None:
    health = up.call("GET", "/api/v2/monitor/health")
    assert {part: health[part]["status"] for part in health} == {
        "metadatabase": "healthy",
        "scheduler": "healthy",
        "triggerer": "healthy",
        "dag_processor": "healthy",
    }


def test_a_failed_task_says_why_where_its_log_is_opened(up: Airflow, tmp_path: Path) -> None:
    if not (CHROMIUM and CHROMEDRIVER):
        pytest.skip("no chromium and chromedriver on this machine")
    path = "/api/v2/dags/france_travail_daily/dagRuns"
    body = {"logical_date": None, "conf": {"day": "2026-11-02", "source": "raw"}}
    run_id = up.call("POST", path, body)["dag_run_id"]
    assert up.wait_for({"2026-11-02"}) == {"2026-11-02": "failed"}
    with browsing(tmp_path) as browser:
        eyes = Eyes(browser, up.url, tmp_path)
        eyes.open("")
        eyes.log_in(*up.login)
        run = f"dags/france_travail_daily/runs/{quote(run_id)}"
        eyes.open(f"{run}/tasks/extract")
        why = "Nothing complete has landed for 2026-11-02"
        (line,) = eyes.wait_for(
            lambda: browser.find_elements("xpath", f"//span[contains(text(), '{why}')]"), why
        )
        # no line that is cut off at the right, nothing folded, nothing to scroll to
        assert line.text.startswith("france_travail_daily.extract did not succeed. ")
        assert line.text.split()[-7:] == ["run", "the", "day", "with", "source", "=", "api."]
        assert eyes.is_seen(line)
        eyes.open(f"{run}/plugin/report")
        eyes.enter()
        (detail,) = eyes.wait_for(lambda: browser.find_elements("class name", "detail"), "why")
        assert why in detail.text
        assert eyes.is_seen(detail)


def test_make_status_names_what_does_not_answer(environment: dict[str, str], up: Airflow) -> None:
    lines = make(environment, "make", "status").splitlines()
    said = [line.split(maxsplit=1) for line in lines if line.endswith("answers")]
    assert {name for name, _ in said} == {
        *("PostgreSQL", "S3", "sandbox", "api-server", "scheduler", "dag-processor", "triggerer")
    }
    (sandbox,) = pids(environment, "-m sandbox --port")
    os.kill(sandbox, signal.SIGSTOP)
    try:
        done = subprocess.run(
            ["make", "status"], cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False
        )  # fmt: skip
    finally:
        os.kill(sandbox, signal.SIGCONT)
    assert done.returncode != 0
    assert re.search(r"^  sandbox +does not answer$", done.stdout, re.M)
    assert "sandbox gave no answer" in done.stdout


def test_parts_that_die_are_started_again(environment: dict[str, str], up: Airflow) -> None:
    killed = [
        *pids(environment, "weed -logtostderr"),
        *pids(environment, "-m sandbox --port"),
        *pids(environment, "/postgres -D"),
    ]
    assert len(killed) == 3
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    # it prints the address when each part answers again, and the data are there
    assert "Airflow   http" in make(environment, "make", "up")
    assert set(killed).isdisjoint(pids(environment, ""))
    body = {"logical_date": None, "partition_key": "2026-11-11"}
    up.call("POST", "/api/v2/dags/france_travail_daily/dagRuns", body)
    assert up.wait_for({"2026-11-11", "2026-11-12"}) == {
        "2026-11-11": "success", "2026-11-12": "success",
    }  # fmt: skip


def test_make_down_leaves_no_process(environment: dict[str, str], up: Airflow) -> None:
    state = environment["JOBMARKET_STATE"]
    assert processes_of(state)
    make(environment, "make", "down")
    assert processes_of(state) == {}


def pids(environment: dict[str, str], part: str) -> list[int]:
    """Return the processes of the stack whose command line holds this, those that they started left out."""
    lines = processes_of(environment["JOBMARKET_STATE"])
    return [pid for pid, line in lines.items() if part in line and "local.commands" not in line]


def processes_of(state: str) -> dict[int, str]:
    """Return the command lines of the processes that were started with this state."""
    lines = {}
    for directory in Path("/proc").glob("[0-9]*"):
        try:
            environ = (directory / "environ").read_bytes()
            if f"JOBMARKET_STATE={state}".encode() in environ.split(b"\0"):
                line = (directory / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                lines[int(directory.name)] = line
        except OSError:
            continue
    return {pid: line for pid, line in lines.items() if line}
