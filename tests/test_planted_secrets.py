"""Secrets planted in every field of the connections and in every answer are in nothing that a run leaves.

The suite runs a few turns. All of them, some ten minutes::

    JOBMARKET_EVERY_SECRET=1 .venv/bin/python -m pytest tests/test_planted_secrets.py
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from jobmarket.foundation.foreign_text import spellings

from local.process import free_port
from tests.planted_secrets import ECHOES, SECRETS

if TYPE_CHECKING:
    from local.services import Postgres

REPOSITORY = Path(__file__).parents[1]
API_MODES = ("token-400", "token-html", "token-crlf", "search-400", "search-401", "search-403")
API_MODES += ("search-404", "search-429", "search-500", "search-200", "search-302", "malformed")
EVERY = [f"extract:{mode}:{spelling}" for mode in API_MODES for spelling in ECHOES]
EVERY += [
    f"{task}:{mode}:{spelling}"
    for task in ("load", "check", "report")
    for mode in ("s3-400", "s3-403", "s3-500", "malformed")
    for spelling in ("plain", "json")
]
FEW = [
    "extract:token-400:plain",
    "extract:token-400:percent",
    "extract:token-crlf:plain",
    "extract:search-400:json",
    "extract:search-400:control",
    "extract:search-429:hex",
    "extract:malformed:plain",
    "load:s3-403:plain",
    "load:malformed:plain",
    "report:s3-400:plain",
]


# `dag.test`, which has no supervisor of its own, prints at DEBUG what it is asked to hide
OF_AIRFLOW = re.compile(r"loc=supervisor\.py:\d+ msg=MaskSecret\(")


def whole_words() -> dict[str, str]:
    """Return what is searched for: each secret in each spelling, by what it is."""
    return {spelling: word for word, secret in SECRETS.items() for spelling in spellings(secret)}


@pytest.mark.airflow
@pytest.mark.parametrize("is_postgres_up", [True, False], ids=["refused", "unreachable"])
def test_no_secret_is_in_what_a_run_leaves(
    tmp_path: Path, postgres: Postgres, is_postgres_up: bool
) -> None:
    every = bool(os.environ.get("JOBMARKET_EVERY_SECRET"))
    if not is_postgres_up and not every:
        pytest.skip("one of the large run: JOBMARKET_EVERY_SECRET=1")
    turns = EVERY if every else FEW
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
        "PLANTED_PG_PORT": str(postgres.port if is_postgres_up else free_port()),
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.planted_secrets", *turns],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        timeout=3600 if every else 300,
        check=False,
    )
    said = (done.stdout + done.stderr).decode(errors="replace")
    ended = re.findall(r"^ended (\S+) (\S+)$", said, re.MULTILINE)
    assert ended == [(turn, "failed") for turn in turns], said[-4000:]
    left = {"terminal": said}
    left |= {
        str(file.relative_to(tmp_path)): file.read_bytes().decode(errors="replace")
        for file in tmp_path.rglob("*")
        if file.is_file()
    }
    assert any(name.endswith(".db") for name in left)
    left["terminal"] = "\n".join(line for line in said.splitlines() if not OF_AIRFLOW.search(line))
    found = {
        (name, word, text[max(0, text.index(spelling) - 150) : text.index(spelling) + 60])
        for name, text in left.items()
        for spelling, word in whole_words().items()
        if spelling in text
    }
    assert found == set()
    # and no message carries what moves a terminal's cursor
    assert not re.search(r"did not succeed[^\n]*\x1b\[31m", said)
