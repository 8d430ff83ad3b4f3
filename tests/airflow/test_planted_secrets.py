"""Secrets planted in every field of the connections and in every answer are in nothing that a run leaves.

The suite runs a few turns in one process. All of them, and the stack of `make up` with its scheduler, take an
hour on two busy cores::

    JOBMARKET_EVERY_SECRET=1 .venv/bin/python -m pytest tests/airflow/test_planted_secrets.py
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from jobmarket.foundation.foreign_text import spellings

from local.process import free_port
from tests.support import planted_stack
from tests.support.planted_secrets import ECHOES, SECRETS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from local.postgres import Postgres

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


# what the last word of a failed task names, by the server that the turn is about
MET = {
    "extract": r"extract did not succeed\. (?:France\s+Travail|The\s+host\s+of\s)",
    "s3": r"did not succeed\. (?:S3|What\s+answers|s3://)",
    "malformed": r"did not succeed\. The\s+connection\s+aws_default",
    "pg": r"did not succeed\. The\s+warehouse\s+PostgreSQL",
}


def whole_words(secrets: dict[str, str] = SECRETS) -> dict[str, str]:
    """Return what is searched for: each secret in each spelling, by what it is."""
    return {spelling: word for word, secret in secrets.items() for spelling in spellings(secret)}


def found_in(left: Iterable[tuple[str, str]], secrets: dict[str, str]) -> set[tuple[str, str, str]]:
    """Return where a secret stands, which, and what is around it."""
    words = whole_words(secrets)
    return {
        (name, word, text[max(0, text.index(spelling) - 150) : text.index(spelling) + 60])
        for name, text in left
        for spelling, word in words.items()
        if spelling in text
    }


@pytest.mark.airflow
@pytest.mark.parametrize("warehouse", ["refusing", "unreachable", "echoing"])
def test_no_secret_is_in_what_a_run_leaves(
    tmp_path: Path, postgres: Postgres, warehouse: str
) -> None:
    every = bool(os.environ.get("JOBMARKET_EVERY_SECRET"))
    if warehouse == "unreachable" and not every:
        pytest.skip("one of the large run: JOBMARKET_EVERY_SECRET=1")
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
    left = {"terminal": said}
    left |= {
        str(file.relative_to(tmp_path)): file.read_bytes().decode(errors="replace")
        for file in tmp_path.rglob("*")
        if file.is_file()
    }
    assert any(name.endswith(".db") for name in left)
    left["terminal"] = "\n".join(line for line in said.splitlines() if not OF_AIRFLOW.search(line))
    assert found_in(left.items(), SECRETS) == set()
    # and no message carries what moves a terminal's cursor
    assert not re.search(r"did not succeed[^\n]*\x1b\[31m", said)


@pytest.mark.airflow
@pytest.mark.skipif(
    not os.environ.get("JOBMARKET_EVERY_SECRET"),
    reason="the large run: JOBMARKET_EVERY_SECRET=1",
)
@pytest.mark.parametrize("executor", ["LocalExecutor", "CeleryExecutor"])
def test_no_secret_is_in_what_a_stack_leaves(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], executor: str
) -> None:
    if executor == "CeleryExecutor" and not shutil.which("redis-server"):
        pytest.skip("needs redis-server")
    with planted_stack.running(tmp_path / "state", executor) as stack:
        ended = {
            turn.name: stack.run(
                turn, f"2026-10-{number:02d}" if turn.server == "api" else "2026-10-01"
            )
            for number, turn in enumerate(planted_stack.TURNS, start=1)
        }
        assert {ended.pop(turn.name) for turn in planted_stack.TURNS if turn.server == "pg"} == (
            planted_stack.OF_WAREHOUSE
        )
        assert ended == {
            turn.name: "success"
            if turn.mode == "pass"
            else planted_stack.FAILED[turn.server][turn.after]
            for turn in planted_stack.TURNS
            if turn.server != "pg"
        }
        looked_at = dict(stack.left())
        # each kind of place was there to be looked at, and it is not for want of secrets that none is found
        for place in (
            "file airflow/logs/dag_id=",
            "file airflow/scheduler.log",
            "object raw/",
            "object reports/",
        ):
            assert any(name.startswith(place) for name in looked_at), place
        for table in ("xcom", "rendered_task_instance_fields", "log", "task_instance", "dag_run"):
            assert looked_at[f"table airflow.public.{table}"].strip(), table
        assert looked_at["table warehouse.core.job_offer"].strip()
        secrets = planted_stack.STACK_SECRETS
        assert found_in({"x": f"a {secrets['password']}"}.items(), secrets)
        size = sum(map(len, looked_at.values()))
        logs = sum(len(text) for name, text in looked_at.items() if name.endswith(".log"))
        with capsys.disabled():
            sys.stdout.write(
                f"\n{executor}: {len(planted_stack.TURNS)} runs left {size:,} characters in "
                f"{len(looked_at)} places, {logs:,} of them in logs\n"
            )
        assert found_in(looked_at.items(), secrets) == set()
