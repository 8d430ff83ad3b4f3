"""Where a stack could have left a secret: every place is read whole, one after the other.

What does not live here: what happened in the stack (``planted_stack``), what is looked for
(``planted_search``). What holds secrets by its purpose is named here, once, and is not read.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import boto3
import psycopg
import zstandard

from local.process import LOOPBACK
from sandbox.places import postgres_directory

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.planted_stack import Stack

Place = tuple[str, bytes]
"""Its name and what is there."""
# with mode 0600
KEPT_PRIVATE = {
    *("keys.json", "passwords.json", "warehouse.url", "warehouse-owner.url"),
    *("prepared.json", "s3.json"),
}
API = "api/v2"


def places(stack: Stack) -> Iterator[Place]:
    """Yield all that is left of a stack that still runs."""
    yield from pages(stack)
    yield from messages(stack)
    yield "terminal", stack.said.encode()
    yield from files(stack.state)
    keys, port = stack.keys, stack.ports["postgres"]
    for database in ("airflow", "warehouse"):
        address = f"postgresql://{database}:{keys[database]}@{LOOPBACK}:{port}/{database}"
        with psycopg.connect(address) as connection:
            yield from rows_of(connection, database)
    yield from objects(stack.ports["s3"], keys["s3"])


def files(state: Path) -> Iterator[Place]:
    """Yield what processes have written, but for the data of PostgreSQL and S3."""
    for file in state.rglob("*"):
        below = file.relative_to(state)
        if (
            file.is_file()
            and below.parts[0] not in ("postgres", "s3")
            and file.name not in KEPT_PRIVATE
        ):
            yield f"file {below}", file.read_bytes()
    for log in (
        postgres_directory(state / "postgres") / "postgres.log",
        state / "s3" / "seaweedfs.log",
    ):
        yield f"file {log.name}", log.read_bytes()


def rows_of(connection: psycopg.Connection[Any], database: str) -> Iterator[Place]:
    """Yield each table of a database as text; what Airflow encrypts stays so."""
    tables = connection.execute(
        "select format('%I.%I', table_schema, table_name) from information_schema.tables"
        " where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')"
    ).fetchall()
    for (table,) in tables:
        rows = connection.execute(f"select t::text from {table} as t".encode()).fetchall()  # noqa: S608
        text = "\n".join(row for (row,) in rows)
        yield f"table {database}.{table}", text.encode() + b"\n" + unpacked(text)


def unpacked(text: str) -> bytes:
    r"""Return what a column of bytes holds, which PostgreSQL writes as ``\x…``."""
    found = (part.split('"', 1)[0].rstrip(",)") for part in text.split("\\x")[1:])
    parts = []
    for part in found:
        with suppress(ValueError):
            parts.append(bytes.fromhex(part))
    return b"\n".join(parts)


def objects(port: int, secret: str) -> Iterator[Place]:
    """Yield each object of each bucket, unpacked, with its key and its metadata."""
    client = boto3.client(
        "s3", endpoint_url=f"http://{LOOPBACK}:{port}", region_name="eu-west-3",
        aws_access_key_id="jobmarket", aws_secret_access_key=secret,
    )  # fmt: skip
    for bucket in client.list_buckets()["Buckets"]:
        lists = client.get_paginator("list_objects_v2").paginate(Bucket=bucket["Name"])
        for key in (item["Key"] for part in lists for item in part.get("Contents", [])):
            found = client.get_object(Bucket=bucket["Name"], Key=key)
            body = found["Body"].read()
            if key.endswith(".zst"):
                body = zstandard.ZstdDecompressor().decompressobj().decompress(body)
            yield f"object {key}", f"{key} {found['Metadata']} ".encode() + body
    client.close()


def messages(stack: Stack) -> Iterator[Place]:
    """Yield what left the stack for people and for other systems: alarms, metrics, all of Redis."""
    for number, (subject, text) in enumerate(stack.mails.mails):
        yield f"mail {number}", f"{subject}\n{text}".encode()
    # the path of a call to Slack is its token
    for kind, posts in (("Slack", stack.slack), ("SNS", stack.sns), ("metrics", stack.metrics)):
        for number, (_, body) in enumerate(posts.bodies):
            yield f"{kind} {number}", body
    if stack.broker:
        yield "Redis was told", b"\n".join(stack.heard)
        stack.broker.save()  # its dump is one of the files
        for key in stack.broker.scan_iter():
            yield f"Redis {key!r}", key + b" " + stack.broker.dump(key)


def pages(stack: Stack) -> Iterator[Place]:
    """Yield what a person is shown who may see everything: of Airflow, of its runs, of the reports."""
    for path in ("connections", "variables", "importErrors", "plugins", "config", "pools"):
        yield page(stack, f"{API}/{path}")
    for table in ("eventLogs", "dags/~/dagRuns/~/taskInstances/~/xcomEntries"):
        for offset in range(0, 10_000, 100):
            name, found = page(stack, f"{API}/{table}?limit=100&offset={offset}")
            yield name, found
            if offset + 100 >= json.loads(found)["total_entries"]:
                break
    for path in ("", "receipts"):
        yield page(stack, f"jobmarket/{path}")
    for dag in stack.used:
        yield page(stack, f"{API}/dagSources/{dag}")
        for run in stack.call("GET", f"{API}/dags/{dag}/dagRuns?limit=100")["dag_runs"]:
            yield from pages_of_run(stack, dag, quote(run["dag_run_id"], safe=""))


def pages_of_run(stack: Stack, dag: str, run: str) -> Iterator[Place]:
    """Yield what is shown of a run: its report, its tasks, the logs of those that failed."""
    yield page(stack, f"jobmarket/run/{dag}/{run}")
    tasks = f"{API}/dags/{dag}/dagRuns/{run}/taskInstances"
    name, found = page(stack, f"{tasks}?limit=100")
    yield name, found
    for task in json.loads(found)["task_instances"]:
        if task["state"] == "failed":
            yield page(stack, f"{tasks}/{task['task_id']}/links")
            for number in range(1, task["try_number"] + 1):
                at = f"{tasks}/{task['task_id']}/logs/{number}?full_content=true"
                yield page(stack, at)


def page(stack: Stack, path: str) -> Place:
    """Return what Airflow answers to a person who is logged in, an error too."""
    return f"page {path}", stack.answer(path)
