"""Secrets planted in every field of the connections and in every answer are in nothing that a run leaves.

The suite runs a few turns in one process. `make test-secrets` runs all of them, and the stack of `make up`
with each executor; docs/reliability.md says what was measured.
"""

from __future__ import annotations

import json
import logging
import os
import re
import runpy
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from jobmarket_ui import JobMarketUI

from local.process import free_port
from tests.support import planted_stack
from tests.support.planted_places import places
from tests.support.planted_search import Search
from tests.support.planted_secrets import ECHOES, SECRETS
from tests.support.planted_turns import TURNS

if TYPE_CHECKING:
    from local.postgres import Postgres
    from tests.support.planted_turns import Turn

REPOSITORY = Path(__file__).parents[2]
API_MODES = (
    *("token-400", "token-html", "token-crlf", "search-400", "search-401", "search-403"),
    *("search-404", "search-429", "search-500", "search-200", "search-302", "search-echo"),
    "malformed",
)
EVERY = [f"extract:{mode}:{spelling}" for mode in API_MODES for spelling in ECHOES]
EVERY += [f"{task}:pg:plain" for task in ("load", "check", "report")]
EVERY += [
    f"{task}:{mode}:{spelling}"
    for task in ("load", "check", "report")
    for mode in ("s3-400", "s3-403", "s3-500", "s3-html", "malformed")
    for spelling in ("plain", "json")
]
FEW = [
    "extract:token-400:plain",
    "extract:token-400:percent",
    "extract:token-crlf:plain",
    "extract:search-400:json",
    "extract:search-400:control",
    "extract:search-429:hex",
    "extract:search-echo:plain",
    "extract:malformed:plain",
    "load:s3-403:plain",
    "load:malformed:plain",
    "load:pg:plain",
    "report:s3-400:plain",
    "load:s3-html:json",
]


# `dag.test`, which has no supervisor of its own, prints at DEBUG what it is asked to hide
OF_AIRFLOW = re.compile(r"loc=supervisor\.py:\d+ msg=MaskSecret\(")


COLLECTED = "2026-10-01"
"""The day that the first run of a stack collects; who does not ask for a day of its own is about this one."""
LOGS = 250_000_000
"""Bytes that the large run must have logged with each executor."""
PLACES = (
    *("file airflow/logs/dag_id=", "file airflow/scheduler.log", "file airflow/api-server.log"),
    *("file airflow/dag-processor.log", "file airflow/triggerer.log", "file postgres.log"),
    *("file seaweedfs.log", "object raw/", "object reports/", "object logs-of-tasks/"),
    *("mail ", "Slack ", "SNS ", "metrics ", "page jobmarket/run/", "page api/v2/connections"),
    *("page api/v2/eventLogs", "page api/v2/dags/~/dagRuns/~/taskInstances/~/xcomEntries"),
    *("table airflow.public.xcom", "table airflow.public.rendered_task_instance_fields"),
    *("table airflow.public.log", "table airflow.public.connection"),
    *("table warehouse.core.job_offer", "table warehouse.control.run_receipt"),
)
OF_CELERY = ("file worker.log", "file redis.log", "file dump.rdb", "Redis was told")


# what the last word of a failed task names, by the server that the turn is about
MET = {
    "extract": r"extract did not succeed\. (?:France\s+Travail|The\s+host\s+of\s)",
    "s3": r"did not succeed\. (?:S3|What\s+answers|s3://)",
    "malformed": r"did not succeed\. The\s+connection\s+aws_default",
    "pg": r"did not succeed\. The\s+warehouse\s+PostgreSQL",
}


@pytest.mark.airflow
@pytest.mark.parametrize("warehouse", ["refusing", "unreachable", "echoing"])
def test_no_secret_is_in_what_a_run_leaves(
    tmp_path: Path, postgres: Postgres, warehouse: str
) -> None:
    every = bool(os.environ.get("JOBMARKET_EVERY_SECRET"))
    if warehouse == "unreachable" and not every:
        pytest.skip("one of the large run: make test-secrets")
    turns = EVERY if every else FEW
    if warehouse == "echoing":
        turns = [
            f"{task}:pg:{spelling}" for task in ("load", "check", "report") for spelling in ECHOES
        ]
    environment = {
        **{name: value for name, value in os.environ.items() if "AIRFLOW" not in name},
        "AIRFLOW_HOME": str(tmp_path),
        "AIRFLOW__CORE__DAGS_FOLDER": str(REPOSITORY / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(REPOSITORY / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{tmp_path}/airflow.db",
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "DEBUG",
        "AIRFLOW_VAR_DATA_LAKE_BUCKET": "lake",
        "PYTHONPATH": f"{REPOSITORY}:{REPOSITORY / 'plugins'}",
        "PLANTED_PG_HOST": "127.0.0.1",
        "PLANTED_PG_PORT": str(postgres.port if warehouse == "refusing" else free_port()),
        "PLANTED_PG": warehouse,
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.planted_secrets", *turns],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        timeout=3600 if every else 300,
        check=False,
    )
    said = (done.stdout + done.stderr).decode(errors="replace")
    ended = re.findall(r"^ended (\S+) (\S+)$", said, re.MULTILINE)
    assert ended == [(turn, "failed") for turn in turns], said[-4000:]
    # each met the server that it is about, and no other before it
    told = re.split(r"^turn \S+$", said, flags=re.MULTILINE)[1:]
    for turn, part in zip(turns, told, strict=True):
        assert re.search(MET[turn.split(":")[0 if "extract" in turn else 1].split("-")[0]], part), (
            turn
        )
    left = {
        str(file.relative_to(tmp_path)): file.read_bytes()
        for file in tmp_path.rglob("*")
        if file.is_file()
    }
    assert any(name.endswith(".db") for name in left)
    lines = (line for line in said.splitlines() if not OF_AIRFLOW.search(line))
    left["terminal"] = "\n".join(lines).encode()
    assert Search(SECRETS).found_in(left.items()) == set()
    # and no message carries what moves a terminal's cursor
    assert not re.search(r"did not succeed[^\n]*\x1b\[31m", said)


def test_every_process_of_airflow_keeps_requests_out_of_its_log() -> None:
    """Those, too, that land or show the logs of tasks: by the plugin, and where none is loaded."""
    for load in (
        JobMarketUI.on_load,
        lambda: runpy.run_path(str(REPOSITORY / "local" / "preload.py")),
    ):
        for name in ("botocore", "urllib3"):
            logging.getLogger(name).setLevel(logging.DEBUG)
        load()
        for name in ("botocore.parsers", "urllib3.connectionpool"):
            assert not logging.getLogger(name).isEnabledFor(logging.DEBUG), name


TASK = """
import json, logging, os, sys
import structlog
from airflow.sdk.log import configure_logging
configure_logging(json_output=True, log_level="DEBUG", output=sys.stdout.buffer, sending_to_supervisor=True)
from airflow.sdk import Connection
from jobmarket.airflow.connections import remember_connection
early = structlog.get_logger("early")
early.info("nothing is known yet")
secret = sys.argv[1]
remember_connection(Connection(conn_id="alarm_slack", conn_type="slackwebhook", password=secret))
log = logging.getLogger("another.library")
log.debug("Sending a request - url: http://127.0.0.1/%s", secret)
early.info("sent", url="http://127.0.0.1/" + secret, headers={"to": [secret]})
structlog.get_logger("late").info("sent to " + secret)
try:
    raise OSError(f"no answer of {secret}")
except OSError:
    log.exception("not sent")
    early.exception("not sent")
logging.getLogger("botocore.parsers").debug("Response headers: %s", secret)
for name, held in (("KEPT", sys.argv[2]), ("SHORT", "error")):
    os.environ["AIRFLOW_CONN_" + name] = json.dumps({"conn_type": "aws", "login": "us", "password": held})
try:
    raise OSError(f"no answer of {sys.argv[2]}")
except OSError:
    log.exception("not sent")
    early.exception("not sent")
"""


@pytest.mark.airflow
def test_a_task_hides_what_others_log_before_it_leaves_its_process(tmp_path: Path) -> None:
    """LocalExecutor writes the log of a task to the scheduler's output, where nothing is hidden any more."""
    secret = SECRETS["slack"]
    environment = {name: value for name, value in os.environ.items() if "AIRFLOW" not in name}
    done = subprocess.run(
        [sys.executable, "-c", TASK, secret, SECRETS["password"]],
        env={**environment, "AIRFLOW_HOME": str(tmp_path)},
        capture_output=True,
        timeout=60,
        check=True,
    )
    lines = [
        line for line in done.stdout.splitlines() if b"another.library" in line or b"sent" in line
    ]
    assert len(lines) == 7, done.stdout
    assert all(b"***" in line for line in lines), lines
    assert [json.loads(line)["level"] for line in lines[-2:]] == ["error", "error"]
    assert Search(SECRETS, "pl4nted").found("the task", done.stdout + done.stderr) == set()


BESIDE = """
import json, logging, os, runpy, sys
secret, kept, how = sys.argv[1:4]
sys.argv = ["airflow", "celery", "worker"]
import airflow.settings
if how == "celery":
    from celery.signals import worker_process_init
    runpy.run_path("local/preload.py")
airflow.settings.initialize()
if how == "celery":
    worker_process_init.send(sender=None)
else:
    from jobmarket_ui import JobMarketUI
    JobMarketUI.on_load()
import structlog
from airflow.sdk.log import mask_secret
mask_secret(secret)
try:
    raise OSError(f"S3 refused {secret}")
except OSError:
    logging.getLogger("airflow.providers").exception("Could not write logs")
# the client of S3 is that of a task before, and what was masked for it is forgotten
os.environ["AIRFLOW_CONN_AWS_DEFAULT"] = json.dumps({"conn_type": "aws", "login": "us", "password": kept})
for ours in (logging.getLogger("airflow.providers"), structlog.get_logger("supervisor")):
    try:
        raise OSError(f"S3 repeated {kept}")
    except OSError:
        ours.exception("Could not write logs")
"""


@pytest.mark.airflow
@pytest.mark.parametrize("how", ["plugin", "celery"])
def test_what_stands_beside_a_task_hides_what_it_masks(tmp_path: Path, how: str) -> None:
    """S3 may refuse the log of a task, and Airflow logs the error as it is."""
    secret = SECRETS["slack"]
    environment = {name: value for name, value in os.environ.items() if "AIRFLOW" not in name}
    environment["PYTHONPATH"] = f"{REPOSITORY}:{REPOSITORY / 'plugins'}"
    done = subprocess.run(
        [sys.executable, "-c", BESIDE, secret, SECRETS["password"], how],
        env={**environment, "AIRFLOW_HOME": str(tmp_path)},
        cwd=REPOSITORY,
        capture_output=True,
        timeout=60,
        check=True,
    )
    said = done.stdout + done.stderr
    assert said.count(b"S3 refused ***") == 1
    assert said.count(b"S3 repeated ***") == 2
    assert Search(SECRETS, "pl4nted").found("beside a task", said) == set()


@pytest.mark.airflow
@pytest.mark.skipif(
    not os.environ.get("JOBMARKET_EVERY_SECRET"),
    reason="the large run: make test-secrets",
)
@pytest.mark.filterwarnings("ignore:Session.login_data is deprecated")
# a task of Celery takes longer to start: half of the turns, of each kind some
@pytest.mark.parametrize(
    ("executor", "turns"), [("LocalExecutor", TURNS), ("CeleryExecutor", TURNS[::2])]
)
def test_no_secret_is_in_what_a_stack_leaves(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], executor: str, turns: list[Turn]
) -> None:
    if executor == "CeleryExecutor" and not shutil.which("redis-server"):
        pytest.skip("needs redis-server")
    started = time.monotonic()
    with planted_stack.running(tmp_path / "state", executor) as stack:
        days = (f"2026-{month:02}-{day:02}" for month in (10, 9, 8) for day in range(1, 29))
        ended = [(turn, stack.run(turn, next(days) if turn.asks else COLLECTED)) for turn in turns]
        search = Search(planted_stack.STACK_SECRETS, planted_stack.STEM)
        assert search.found("x", b"a pl4nted-stack-passw")
        sizes, found, searching = {}, set(), 0.0
        for name, data in places(stack):
            sizes[name] = len(data)
            before = time.monotonic()
            found |= search.found(name, data)
            searching += time.monotonic() - before
    logs = sum(size for name, size in sizes.items() if name.endswith(".log"))
    with capsys.disabled():
        failed = sum(failed != "success" for _, failed in ended)
        sys.stdout.write(
            f"\n{executor}: {len(ended)} runs, {failed} of them failed, left {logs / 1e6:.0f} MB of logs and "
            f"{(sum(sizes.values()) - logs) / 1e6:.0f} MB elsewhere, in {len(sizes):,} places; "
            f"{len(found)} secrets found; {time.monotonic() - started:.0f} s, "
            f"{searching:.1f} s of them to search\n"
        )
        for name, size in sorted(sizes.items(), key=lambda one: -one[1])[:12]:
            sys.stdout.write(f"{size / 1e6:8.1f} MB  {name}\n")
    # each kind of place was there to be looked at, and it is not for want of secrets that none is found
    for place in PLACES + (OF_CELERY if executor == "CeleryExecutor" else ()):
        assert any(name.startswith(place) and size > 10 for name, size in sizes.items()), place
    assert [
        (turn.name, failed) for turn, failed in ended if failed not in (turn.fails or ("success",))
    ] == []
    assert logs >= LOGS
    assert found == set()
