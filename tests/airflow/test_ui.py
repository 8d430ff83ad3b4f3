"""The reports inside the Airflow UI, on a real api-server: who may see them, and the way there by clicks."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

import pytest
from jobmarket.foundation.day import PARIS

from sandbox.server import running
from sandbox.settings import Settings
from tests.support import ui_server
from tests.support.airflow_runs import House, lake_connection, sandbox_connection, tasks_connection
from tests.support.ui_browser import CHROMEDRIVER, CHROMIUM, Eyes, browsing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from airflow.dag_processing.dagbag import DagBag
    from mypy_boto3_s3 import S3Client

    from local.object_store import ObjectStore
    from local.postgres import Postgres
    from tests.support.ui_server import Server

# inside Airflow, warnings are Airflow's
pytestmark = [pytest.mark.airflow, pytest.mark.filterwarnings("default")]
needs_browser = pytest.mark.skipif(
    not (CHROMIUM and CHROMEDRIVER),
    reason="no chromium and chromedriver on this machine: scripts/browser installs them (Debian, root)",
)

DAG, DAY, FAILED_DAY = "france_travail_daily", "2026-11-18", "2026-11-17"
WEEKLY, WEEK = "france_travail_weekly", "2026-W47"
BUCKET = "lake-of-the-ui"
PREFIX = f"reports/france_travail/day={DAY}/"
REPORT = f"jobmarket/day/{DAY}"
FAST = 400  # requests a second


class Runs(NamedTuple):
    """Runs, quoted for an address: of the daily DAG one that wrote its report and one that failed."""

    whole: str
    failed: str
    weekly: str


@pytest.fixture(scope="module")
def runs(
    airflow_metadata: None,
    dag_bag: DagBag,
    postgres: Postgres,
    object_store: ObjectStore,
    s3: S3Client,
) -> Iterator[Runs]:
    """Run the DAG for a day, and for one on which the API is down; keep its connections in Airflow."""
    dsn = postgres.create_database("ui")
    s3.create_bucket(Bucket=BUCKET)
    kept = {
        "aws_default": lake_connection(object_store.endpoint_url),
        "warehouse": tasks_connection(dsn),
    }
    with pytest.MonkeyPatch.context() as environment:
        house = House(dag_bag, environment, dsn)
        for conn_id, fields in kept.items():
            house.connect(conn_id, **fields)
        environment.setenv("AIRFLOW_VAR_DATA_LAKE_BUCKET", BUCKET)
        with running(Settings(offers_per_day=700, rate=FAST)) as api:
            extra = {"requests_per_second": FAST}
            house.connect("france_travail", **sandbox_connection(api.url, extra=extra))
            assert house.run(DAY)["state"] == "success", house.sentences
        # an empty form: Airflow keeps that of a run before in the same process
        weekly = dag_bag.dags[WEEKLY].test(
            logical_date=datetime.fromisoformat(DAY).replace(tzinfo=UTC), run_conf={"week": None}
        )
        assert weekly.state == "success"
        house.connect("france_travail", **sandbox_connection("http://127.0.0.1:1", login=None))
        assert house.run(FAILED_DAY)["state"] == "failed"
    with ui_server.kept_in_airflow(kept, BUCKET):
        yield Runs(run_of(DAY), run_of(FAILED_DAY), run_of(DAY, WEEKLY))


def run_of(day: str, dag_id: str = DAG) -> str:
    """Return the id of the run that was started for a day."""
    from airflow.models.dagrun import DagRun
    from airflow.utils.session import create_session
    from sqlalchemy import select

    with create_session() as session:
        found = session.execute(
            select(DagRun.run_id, DagRun.logical_date).where(DagRun.dag_id == dag_id)
        )
        (run_id,) = {run_id for run_id, at in found if f"{at:%Y-%m-%d}" == day}
    return quote(run_id, safe="")


@pytest.fixture(scope="module")
def server(runs: Runs, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with ui_server.running(tmp_path_factory.mktemp("ui") / "server") as server:
        yield server


def addresses(runs: Runs) -> list[str]:
    return [
        "jobmarket/",
        "jobmarket/?before=2026-11-01",
        REPORT,
        f"{REPORT}/index.html",
        f"{REPORT}/tables/hours_donnees-generees.csv",
        f"{REPORT}/figures/hours_donnees-generees.png",
        f"jobmarket/sample/{DAY}",
        f"jobmarket/week/{WEEK}",
        "jobmarket/day/nonsense",
        f"jobmarket/run/{DAG}/{runs.whole}",
        f"jobmarket/run/{DAG}/{runs.failed}",
        f"jobmarket/run/another/{runs.whole}",
    ]


def sentence(answer: ui_server.Answer) -> str:
    found = re.search(r'<p class="sentence">([^<]+)</p>', answer.text)
    return found[1] if found else ""


def test_nobody_sees_anything_without_login(server: Server, runs: Runs) -> None:
    answers = {path: server.get(path) for path in addresses(runs)}
    assert {path: answer.status for path, answer in answers.items()} == dict.fromkeys(answers, 401)
    assert {sentence(answer)[:27] for answer in answers.values()} == {"Votre session Airflow est t"}
    forged = server.get("jobmarket/", cookie="_token=eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9.")
    assert forged.status in (401, 403)


def test_who_may_not_read_the_dag_may_not_read_its_reports(server: Server, runs: Runs) -> None:
    paths = [path for path in addresses(runs) if "nonsense" not in path]
    statuses = {path: server.get(path, "guest").status for path in paths}
    assert statuses == dict.fromkeys(paths, 403)


def test_there_is_no_description_of_the_application(server: Server) -> None:
    for path in ("docs", "redoc", "openapi.json"):
        assert server.get(f"jobmarket/{path}").status == 404


def test_the_list_has_the_day_with_its_certificate(server: Server) -> None:
    answer = server.get("jobmarket/", "viewer")
    assert answer.status == 200
    cells = re.findall(r'<td class="number">([^<]*)</td>', answer.text)
    assert cells == ["700", "700", "0", "0", "700"]
    assert "Certifiée" in answer.text
    assert f'href="/{REPORT}"' in answer.text
    # the day before it failed: it is a row, and leads to why
    assert re.search(r"En échec.*>Pourquoi<", answer.text, re.S)
    before = server.get(f"jobmarket/?before={FAILED_DAY}", "viewer").text
    assert "Aucune journée plus ancienne" in before


def test_the_list_of_days_stands_while_s3_is_down(server: Server) -> None:
    down = '{"endpoint_url": "http://127.0.0.1:1", "region_name": "us-east-1"}'
    with ui_server.changed("aws_default", extra=down):
        answer = server.get("jobmarket/", "viewer")
    assert answer.status == 200
    assert f'href="/{REPORT}"' in answer.text
    assert 'class="notice"' in answer.text
    assert 'class="notice"' not in server.get("jobmarket/", "viewer").text


def test_the_report_is_served_as_it_was_written(server: Server, s3: S3Client) -> None:
    found = s3.list_objects_v2(Bucket=BUCKET, Prefix=PREFIX)["Contents"]
    paths = [item["Key"].removeprefix(PREFIX) for item in found]
    assert {path.partition("/")[0] for path in paths} >= {"index.html", "tables"}
    types = {
        "html": "text/html; charset=utf-8",
        "png": "image/png",
        "svg": "image/svg+xml",
        "csv": "text/csv; charset=utf-8",
        "parquet": "application/vnd.apache.parquet",
        "txt": "text/plain; charset=utf-8",
    }
    shown = server.get(REPORT, "viewer").text
    for path in paths:
        answer = server.get(f"{REPORT}/{path}", "viewer")
        assert answer.body == s3.get_object(Bucket=BUCKET, Key=f"{PREFIX}{path}")["Body"].read()
        assert answer.headers["Content-Type"] == types[path.rpartition(".")[2]]
        assert f'="/{REPORT}/{path}"' in shown
        if path != "index.html":
            stem, _, suffix = path.rpartition("/")[2].partition(".")
            name = f'attachment; filename="{stem}_day_{DAY}.{suffix}"'
            assert answer.headers["Content-Disposition"] == name


def test_a_report_cannot_lead_its_reader_away(server: Server) -> None:
    policy = server.get(f"{REPORT}/index.html", "viewer").headers["Content-Security-Policy"]
    sandbox = policy.rpartition("; ")[2].split()
    assert sandbox[0] == "sandbox"
    assert not {"allow-scripts", "allow-same-origin", "allow-top-navigation", "allow-forms"} & set(
        sandbox
    )


def test_nothing_is_cached_and_no_script_can_run(server: Server, runs: Runs) -> None:
    for path in addresses(runs):
        for user in ("", "guest", "viewer"):
            headers = server.get(path, user).headers
            assert headers["Cache-Control"] == "no-store"
            assert headers["X-Content-Type-Options"] == "nosniff"
            if headers["Location"] is None:
                policy = headers["Content-Security-Policy"].split("; ")
                assert {"default-src 'none'", "frame-ancestors 'self'"} <= set(policy)
                assert not any(rule.startswith("script") for rule in policy)


@pytest.mark.parametrize(
    "path",
    [
        "jobmarket/?before=hier",
        "jobmarket/?before=2026-11-31",
        "jobmarket/day/2026-11-16",
        "jobmarket/day/2026-11-16/index.html",
        "jobmarket/day/18-11-2026",
        "jobmarket/?source=monster",
        "jobmarket/?source=",
        f"jobmarket/sample/{DAY}",
        f"jobmarket/week/{DAY}",
        f"{REPORT}/tables/nothing.csv",
        f"{REPORT}/figures/hours.gif",
        f"{REPORT}/tables/%2e%2e/index.html",
        f"{REPORT}/..%2fday={DAY}%2findex.html",
        f"jobmarket/day/..%2f..%2fraw/{DAY}",
        f"jobmarket/run/{DAG}/no-such-run",
        f"jobmarket/run/{DAG}/%00",
        f"jobmarket/run/{DAG}/manual%00run",
        f"jobmarket/run/{DAG}/%1b%5b31m",
        f"jobmarket/run/{DAG}/%e2%80%ae",
        f"jobmarket/run/{DAG}/",
        f"jobmarket/run/{DAG}/../{DAG}/%00",
        f"jobmarket/run/{DAG}%00/x",
        "jobmarket/day/%00",
        f"{REPORT}/%00",
        f"{REPORT}/tables/%00.csv",
    ],
)
def test_what_is_not_there_is_said_in_a_sentence(server: Server, path: str) -> None:
    answer = server.get(path, "viewer")
    assert answer.status == 404
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert sentence(answer).endswith(".")


def test_a_run_leads_to_the_report_it_wrote(server: Server, runs: Runs) -> None:
    answer = server.get(f"jobmarket/run/{DAG}/{runs.whole}", "viewer")
    assert (answer.status, answer.headers["Location"]) == (307, f"/{REPORT}")
    answer = server.get(f"jobmarket/run/{WEEKLY}/{runs.weekly}", "viewer")
    assert (answer.status, answer.headers["Location"]) == (307, f"/jobmarket/week/{WEEK}")


def test_the_report_of_a_week_is_listed_and_shown(server: Server) -> None:
    assert f'href="/jobmarket/week/{WEEK}"' in server.get("jobmarket/", "viewer").text
    answer = server.get(f"jobmarket/week/{WEEK}", "viewer")
    assert answer.status == 200
    assert "Semaine du 16\u00a0novembre 2026" in answer.text
    assert server.get(f"jobmarket/week/{WEEK}/index.html", "viewer").status == 200


def test_a_run_without_a_report_names_its_day_and_says_why(server: Server, runs: Runs) -> None:
    answer = server.get(f"jobmarket/run/{DAG}/{runs.failed}", "viewer")
    assert answer.status == 404
    assert sentence(answer).startswith("Cette exécution a échoué et n’a pas écrit de rapport")
    assert "Mardi 17\u00a0novembre 2026" in answer.text
    assert "La tâche extract a échoué" in answer.text
    (why,) = re.findall(r'<p class="detail" lang="en">([^<]+)</p>', answer.text)
    assert why.startswith(f"{DAG}.extract did not succeed. ")
    assert "The connection france_travail has no login" in why
    assert f'href="/jobmarket/day/{FAILED_DAY}"' in answer.text


def test_the_ui_is_told_to_open_in_paris(server: Server) -> None:
    answer = server.get("jobmarket/zone.js", "viewer")
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert '"Europe/Paris"' in answer.text
    assert server.get("jobmarket/zone.js").status == 401


def test_the_report_task_links_to_the_tab_of_its_run(server: Server, runs: Runs) -> None:
    path = f"api/v2/dags/{DAG}/dagRuns/{runs.whole}/taskInstances/report/links"
    links = json.loads(server.get(path, "viewer").body)["extra_links"]
    assert links == {"Rapport": f"dags/{DAG}/runs/{runs.whole}/plugin/report"}


def test_the_plugin_costs_the_other_processes_nothing() -> None:
    # every task imports it: what serves the pages must not come along
    script = (
        "import sys, airflow.plugins_manager; from airflow.sdk import BaseOperator; "
        "before = set(sys.modules); import jobmarket_ui; print(*set(sys.modules) - before)"
    )
    plugins = Path(__file__).parents[2] / "plugins"
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": str(plugins)},
        capture_output=True,
        text=True,
        check=True,
    )
    imported = set(done.stdout.splitlines()[-1].split())
    assert "jobmarket.airflow.ui.routes" in imported
    assert {name.partition(".")[0] for name in imported} <= {"airflow", "jobmarket", "jobmarket_ui"}
    assert {name for name in imported if name.startswith("jobmarket.airflow.ui.")} == {
        "jobmarket.airflow.ui.routes",
        "jobmarket.airflow.ui.fr",
        "jobmarket.airflow.ui.fr_titles",
    }


def test_airflow_loads_the_plugin_without_a_complaint(server: Server) -> None:
    errors = json.loads(server.get("api/v2/plugins/importErrors", "admin").body)
    assert errors["import_errors"] == []


@pytest.mark.parametrize(
    ("conn_id", "fields", "path", "status", "detail"),
    [
        ("warehouse", {"port": 1}, "jobmarket/", 503, "cannot be reached"),
        ("warehouse", {"password": "wrong"}, "jobmarket/", 500, "refuses the account"),
        (
            "warehouse",
            {"conn_id": "renamed"},
            "jobmarket/",
            500,
            "no connection &#39;warehouse&#39;",
        ),
        (
            "aws_default",
            {"extra": '{"endpoint_url": "http://127.0.0.1:1", "region_name": "us-east-1"}'},
            REPORT,
            503,
            "S3 did not answer",
        ),
        ("aws_default", {"password": "wrong"}, f"{REPORT}/index.html", 500, "S3 refuses"),
    ],
)
def test_a_source_that_fails_is_named_in_a_sentence(
    server: Server, conn_id: str, fields: dict[str, Any], path: str, status: int, detail: str
) -> None:
    with ui_server.changed(conn_id, **fields):
        answer = server.get(path, "viewer")
    assert answer.status == status
    assert sentence(answer).startswith("Une source de cette page")
    assert detail in answer.text
    assert "Traceback" not in answer.text
    assert server.get(path, "viewer").status == 200


def test_a_bucket_that_is_not_named_is_asked_for(server: Server) -> None:
    with ui_server.without_bucket(BUCKET):
        answer = server.get(REPORT, "viewer")
    assert answer.status == 500
    assert "The variable data_lake_bucket is not set" in answer.text
    assert server.get(REPORT, "viewer").status == 200


# ---- by clicks -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def eyes(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Eyes]:
    """Log in as a viewer, from the page that asked for it."""
    directory = tmp_path_factory.mktemp("browser")
    with browsing(directory) as browser:
        eyes = Eyes(browser, server.url, directory / "downloads")
        eyes.open("plugin/reports")
        eyes.log_in("viewer", "viewer")
        yield eyes


@needs_browser
def test_from_the_navigation_to_the_list_to_a_day_and_back(eyes: Eyes) -> None:
    eyes.open("")
    eyes.click("Rapports", "/plugin/reports")
    eyes.enter()
    eyes.read("Rapports du marché du travail")
    eyes.click("Ouvrir", REPORT)
    eyes.read_report()
    assert eyes.browser.current_url == f"{eyes.url}/plugin/reports/{REPORT}"
    eyes.enter()
    eyes.click("← Tous les rapports")
    eyes.read("Rapports du marché du travail")


@needs_browser
def test_the_address_of_a_report_can_be_kept(eyes: Eyes) -> None:
    eyes.open(f"plugin/reports/{REPORT}")
    eyes.enter()
    eyes.read_report()


@needs_browser
def test_from_the_dag_to_the_list(eyes: Eyes) -> None:
    eyes.open(f"dags/{DAG}")
    eyes.click("Rapports", f"/dags/{DAG}/plugin/dag-reports")
    eyes.enter()
    eyes.read("Rapports du marché du travail")
    eyes.click("Mercredi 18 novembre 2026", REPORT)
    eyes.read_report()


@needs_browser
def test_from_a_run_to_its_report(eyes: Eyes, runs: Runs) -> None:
    eyes.open(f"dags/{DAG}/runs/{runs.whole}")
    eyes.click("Rapport", "/plugin/report")
    eyes.enter()
    eyes.read_report()


@needs_browser
def test_the_tab_of_a_failed_run_says_why(eyes: Eyes, runs: Runs) -> None:
    eyes.open(f"dags/{DAG}/runs/{runs.failed}/plugin/report")
    eyes.enter()
    eyes.read("Mardi 17 novembre 2026")
    (why,) = eyes.browser.find_elements("class name", "detail")
    assert why.text.startswith(f"{DAG}.extract did not succeed. ")
    assert eyes.is_seen(why)


@needs_browser
@pytest.mark.parametrize(
    ("dag_id", "keys"), [(DAG, {DAY, FAILED_DAY}), (WEEKLY, {WEEK})], ids=["daily", "weekly"]
)
def test_the_grid_says_which_day_each_run_is_about(eyes: Eyes, dag_id: str, keys: set[str]) -> None:
    eyes.open(f"dags/{dag_id}")

    def seen() -> set[str]:
        found = eyes.browser.find_elements("css selector", "[data-run-id]")
        return {str(run.get_attribute("data-run-id")).rpartition("__")[2] for run in found}

    # the schedule may have made one for the period before, too
    eyes.wait_for(lambda: keys <= seen(), f"runs of {sorted(keys)}")


@needs_browser
def test_the_ui_opens_in_the_zone_of_paris(eyes: Eyes) -> None:
    eyes.open("")
    offset = f"{datetime.now(PARIS):%z}"
    eyes.wait_for(
        lambda: f"{offset[:3]}:{offset[3:]}" in eyes.browser.find_element("tag name", "body").text,
        "the zone of Paris",
    )
    kept = eyes.browser.execute_script("return localStorage.getItem('timezone')")
    assert json.loads(kept) == "Europe/Paris"
    # who chooses another zone keeps it
    eyes.browser.execute_script("localStorage.setItem('timezone', '\"Asia/Tokyo\"')")
    eyes.open("")
    eyes.wait_for(
        lambda: "+09:00" in eyes.browser.find_element("tag name", "body").text, "the zone of Tokyo"
    )
    eyes.browser.execute_script("localStorage.removeItem('timezone')")


@needs_browser
def test_from_the_task_to_its_report(eyes: Eyes, runs: Runs) -> None:
    eyes.open(f"dags/{DAG}/runs/{runs.whole}/tasks/report/details")
    eyes.click("Rapport", f"/dags/{DAG}/runs/{runs.whole}/plugin/report")
    eyes.enter()
    eyes.read_report()


@needs_browser
def test_figures_are_drawn_and_tables_come_down(eyes: Eyes, server: Server) -> None:
    eyes.open(f"plugin/reports/{REPORT}")
    eyes.enter()
    eyes.read("Mercredi 18 novembre 2026")
    eyes.browser.find_element("tag name", "summary").click()
    eyes.click("tables/hours_donnees-generees.csv")
    file = eyes.downloads / f"hours_donnees-generees_day_{DAY}.csv"
    eyes.wait_for(file.exists, f"the download {file.name}")
    assert (
        file.read_bytes()
        == server.get(f"{REPORT}/tables/hours_donnees-generees.csv", "viewer").body
    )
    eyes.enter()
    assert eyes.browser.find_elements("css selector", "figure :is(img, svg)")
    undrawn = "return [...document.images].filter(i => !i.complete || !i.naturalWidth).length"
    eyes.wait_for(lambda: eyes.browser.execute_script(undrawn) == 0, "every figure")
    said = [entry["message"] for entry in eyes.browser.get_log("browser")]  # type: ignore[no-untyped-call]
    assert [message for message in said if "Content Security Policy" in message] == []
