"""The containers on a Docker engine, as they start and as they fail: `make test-compose`.

Not part of `make test`: it needs an engine, the base images (those of the product, or what ``AIRFLOW_IMAGE``,
``POSTGRES_IMAGE``, ``SEAWEEDFS_IMAGE`` and ``REDIS_IMAGE`` name) and some ten minutes. The last figures are
in docs/containers.md.
"""

from __future__ import annotations

import os
import subprocess
import time
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from sandbox.offers.plan import WEEKEND_SHARE
from tests.support.compose_stack import ComposeStack, engine_is_there

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

DAILY = "/api/v2/dags/france_travail_daily"
OFFERS = 3_000
WHOLE_DAY = 40_000
SATURDAY = 5
# on a machine that does nothing else
START_LIMIT_S = 40
BUSY = os.getloadavg()[0] > (os.cpu_count() or 1)  # before the image is built
# the database last: without it the others crash, too
PARTS = (
    *("airflow-apiserver", "airflow-scheduler", "airflow-dag-processor", "airflow-triggerer"),
    *("airflow-worker", "sandbox", "s3", "redis", "postgres"),
)
# the settings of each, and the options of its start
EXECUTORS: dict[str, tuple[dict[str, str], tuple[str, ...]]] = {
    "local": ({}, ()),
    "celery": (
        {"COMPOSE_PROFILES": "celery", "AIRFLOW_EXECUTOR": "CeleryExecutor"},
        ("--scale", "airflow-worker=2"),
    ),
}
# a task that died with its container is noticed in seconds, so that the test is not one of minutes
SOON_NOTICED = {
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "40",
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "5",
    # and one that a worker had fetched, but not begun, when it died
    "AIRFLOW__SCHEDULER__TASK_QUEUED_TIMEOUT": "90",
    "AIRFLOW__SCHEDULER__TASK_QUEUED_TIMEOUT_CHECK_INTERVAL": "10",
}

pytestmark = pytest.mark.skipif(
    not (os.environ.get("JOBMARKET_COMPOSE") and engine_is_there()),
    reason="make test-compose runs it, where a Docker engine answers",
)


def sized(offers: int) -> dict[str, dict[str, Any]]:
    """Return what differs from the product's file: the size of a day, and how soon a dead task is noticed."""
    size = ["--offers-per-day", str(offers), "--no-lively"]
    command = ["python", "-m", "sandbox", "--host", "0.0.0.0", "--port", "8600", *size]  # noqa: S104 - in its container
    parts = ("airflow-scheduler", "airflow-worker")
    return {"sandbox": {"command": command}} | {p: {"environment": SOON_NOTICED} for p in parts}


def say(figure: str) -> None:
    print(figure)  # noqa: T201 - the figure


def days(first: int, count: int) -> list[str]:
    return [f"2026-11-{number:02}" for number in range(first, first + count)]


def offers_created_on(day: str, on_weekday: int) -> int:
    is_weekend = date.fromisoformat(day).weekday() >= SATURDAY
    return round(on_weekday * (WEEKEND_SHARE if is_weekend else 1))


def require_all_once(stack: ComposeStack, of: Sequence[str], offers: int = OFFERS) -> None:
    """Require each offer of each day once, and each day certified."""
    named = "{" + ",".join(of) + "}"
    rows = stack.rows(
        "select created_on, count(*), count(distinct offer_id) from core.job_offer"
        " where created_on = any(:'days') group by 1 order by 1",
        days=named,
    )
    sizes = [(day, str(offers_created_on(day, offers))) for day in of]
    assert rows == [[day, size, size] for day, size in sizes]
    standings = stack.rows(
        "select day, standing from control.day_run where day = any(:'days') order by 1", days=named
    )
    assert standings == [[day, "certified"] for day in of]


def extracting(stack: ComposeStack, of: Sequence[str]) -> tuple[list[str], dict[str, Any]]:
    """Start runs of days whose offers come slowly; return the runs, and a task that extracts one of them."""
    stack.let_answers_take(400)
    runs = stack.start(of)
    return runs, stack.running_task("extract", runs)


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Build the image once: it is the same in each project."""
    stack = ComposeStack(tmp_path_factory.mktemp("build"))
    stack.differ({})
    stack.compose("build")


@pytest.fixture(scope="module")
def stack(
    request: pytest.FixtureRequest, image: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ComposeStack]:
    """Start a project with small days and an executor, and let its schedule load a day; never two at once."""
    settings, options = EXECUTORS[request.param]
    name = f"jobmarket-test-{request.param}"
    stack = ComposeStack(tmp_path_factory.mktemp("stack"), settings, name)
    stack.differ(sized(OFFERS))
    try:
        stack.forget()
        stack.up(*options)
        stack.call("PATCH", DAILY, {"is_paused": False})
        stack.wait_for(stack.scheduled_runs())  # else it is in the way of a test's own days
        yield stack
    finally:
        stack.forget()


with_local_executor = pytest.mark.parametrize("stack", ["local"], indirect=True)
with_celery = pytest.mark.parametrize("stack", ["celery"], indirect=True)


def test_all_of_it_is_healthy_soon_at_first_and_on_kept_volumes(
    image: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    stack = ComposeStack(tmp_path_factory.mktemp("start"))
    stack.differ({})
    try:
        stack.forget()
        first = stack.up()
        stack.compose("down")
        again = stack.up()
    finally:
        stack.forget()
    others = "; not bounded: the machine was busy with else" if BUSY else ""
    say(f"up --wait: {first:.1f} s at first, {again:.1f} s on kept volumes{others}")
    assert BUSY or max(first, again) <= START_LIMIT_S


@with_local_executor
def test_nothing_is_compiled_in_a_container_that_runs(stack: ComposeStack) -> None:
    # else each new one does it anew, for all of Airflow: half a minute of the start
    for part in ("airflow-apiserver", "airflow-scheduler", "airflow-dag-processor", "sandbox"):
        container = stack.compose("ps", "-q", part).stdout.strip()
        written = subprocess.run(
            ("docker", "diff", container), capture_output=True, text=True, check=True
        ).stdout
        assert [line for line in written.splitlines() if line.endswith(".pyc")] == []


@with_local_executor
def test_a_day_of_the_size_of_the_real_one(stack: ComposeStack) -> None:
    day = days(24, 1)
    stack.differ(sized(WHOLE_DAY))
    stack.up("sandbox")
    began = time.monotonic()
    stack.wait_for(stack.start(day))
    say(f"a day of {WHOLE_DAY} offers: {time.monotonic() - began:.0f} s")
    require_all_once(stack, day, WHOLE_DAY)
    stack.differ(sized(OFFERS))
    stack.up("sandbox")


@with_local_executor
def test_ten_days_at_once(stack: ComposeStack) -> None:
    ten = days(1, 10)
    began = time.monotonic()
    stack.wait_for(stack.start(ten))
    say(f"ten days of {OFFERS} offers: {time.monotonic() - began:.0f} s")
    require_all_once(stack, ten)


@with_local_executor
def test_a_task_that_runs_while_the_scheduler_is_stopped_ends(stack: ComposeStack) -> None:
    few = days(11, 3)
    runs, task = extracting(stack, few)
    began, asked = time.monotonic(), datetime.now(UTC)
    stack.compose("stop", "airflow-scheduler")
    stopped = time.monotonic() - began
    left = stack.task(task)
    # it ended in the grace, in its first try
    assert (left["state"], left["try_number"]) == ("success", 1)
    assert datetime.fromisoformat(left["end_date"]) > asked
    stack.let_answers_take(0)
    stack.up()
    stack.wait_for(runs)
    say(f"scheduler stopped: its task ended in {stopped:.0f} s; three days in all"
        f" {time.monotonic() - began:.0f} s")  # fmt: skip
    require_all_once(stack, few)


@with_local_executor
def test_a_task_that_dies_with_the_scheduler_is_taken_up_again(stack: ComposeStack) -> None:
    few = days(14, 3)
    runs, task = extracting(stack, few)
    began = time.monotonic()
    stack.compose("kill", "-s", "KILL", "airflow-scheduler")
    assert stack.task(task)["state"] == "running"  # as far as Airflow knows
    stack.let_answers_take(0)
    stack.up()
    stack.wait_for(runs)
    say(f"scheduler killed with a task: three days in {time.monotonic() - began:.0f} s")
    assert stack.task(task)["try_number"] > 1
    require_all_once(stack, few)


@with_celery
def test_a_worker_is_killed_and_the_other_goes_on(stack: ComposeStack) -> None:
    several = days(11, 4)
    runs, task = extracting(stack, several)
    began = time.monotonic()
    subprocess.run(("docker", "kill", "-s", "KILL", task["hostname"]), check=True)
    stack.let_answers_take(0)
    stack.wait_for(runs)
    say(f"one of two workers killed: four days in {time.monotonic() - began:.0f} s")
    again = stack.task(task)
    assert again["try_number"] > 1
    assert again["hostname"] != task["hostname"]
    require_all_once(stack, several)


@pytest.mark.parametrize("part", PARTS)
@with_celery
def test_a_part_that_crashes_is_not_taken_for_started(stack: ComposeStack, part: str) -> None:
    whole = sized(OFFERS)
    crash = {"entrypoint": ["sh", "-c", "sleep 1; exit 3"], "command": []}
    stack.differ({**whole, part: {**whole.get(part, {}), **crash}})
    began = time.monotonic()
    done = stack.compose("up", "-d", "--wait", check=False)  # mends the part that crashed before
    say(f"{part} crashes: up --wait fails after {time.monotonic() - began:.0f} s")
    assert done.returncode != 0
    told = done.stderr.strip().splitlines()[-1]
    if "airflow-init" in told:  # Redis is only of some stacks: what prepares them looks for it
        told = stack.compose("logs", "airflow-init").stdout
    assert f"-{part}-" in told or f"logs {part}`" in told


@with_celery
def test_the_parts_whose_crash_was_tried_are_all(stack: ComposeStack) -> None:
    assert {*PARTS, "airflow-init"} == set(stack.compose("config", "--services").stdout.split())
