"""What `make up` starts, at DEBUG, behind servers that repeat secrets: run, made to fail, and read whole.

What lives here: the servers between the tasks and the real parts, and where a secret could be left. What does
not: which secrets and spellings there are (``planted_secrets``), what is asked (``test_planted_secrets``).
"""

from __future__ import annotations

import json
import os
import re
import secrets
import socket
import socketserver
import subprocess
import threading
import time
import urllib.request
from contextlib import ExitStack, contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

import boto3
import psycopg
import zstandard
from cryptography.fernet import Fernet

from local.process import LOOPBACK, free_port
from tests.support.celery_parts import redis, worker
from tests.support.planted_secrets import Handler, Server, error_of_postgres

if TYPE_CHECKING:
    from collections.abc import Iterator

REPOSITORY = Path(__file__).parents[2]
OFFERS = 10_000  # a day, so that there is much to say at DEBUG
DAG = "/api/v2/dags/france_travail_daily/dagRuns"
# what holds them by its purpose, with mode 0600
KEPT_PRIVATE = {
    "keys.json",
    "passwords.json",
    "warehouse.url",
    "warehouse-owner.url",
    "prepared.json",
    "s3.json",
}
STACK_SECRETS = {
    "login": "pl4nted-stack-client-0123456789",
    "password": "pl4nted-stack-client-secret-0123",
    "query": "pl4nted-stack-query-0123456789",
    "extra": "pl4nted-stack-extra-0123456789",
    "s3password": "pl4ntedstacks3secret0123456789ab",
    "pgpassword": "pl4ntedstackpgsecret0123456789ab",
    "pgextra": "pl4nted-stack-application-0123",
    "broker": "pl4nted-stack-broker-0123456789",
}


class Turn(NamedTuple):
    """A run, and how one of its servers misbehaves.

    :param server: ``api``, ``s3`` or ``pg``.
    :param mode: how; ``pass`` is not at all, but for what the headers repeat.
    :param after: so many looks at the manifest (S3) or connections (PostgreSQL) are let through before.
    """

    server: str
    mode: str
    after: int = 0

    @property
    def name(self) -> str:
        """Return what it is called in a message."""
        return f"{self.server}:{self.mode}:{self.after}"


API_MODES = (
    *("token-400", "token-html", "token-crlf", "search-echo", "search-200", "search-302"),
    *(f"search-{status}" for status in (400, 401, 403, 404, 429, 500)),
)
TURNS = [
    Turn("api", "pass"),
    *(Turn("api", mode) for mode in API_MODES),
    *(Turn("s3", f"s3-{status}", after) for status in (400, 403, 500) for after in range(4)),
    *(Turn("pg", mode, after) for mode in ("echo", "cut") for after in range(6)),
]
FAILED = {
    "api": ("extract",),
    # who looks at the manifest
    "s3": ("extract", "load", "check", "report"),
}
"""Which task a turn lets fail, by its server and how much is let through before."""
OF_WAREHOUSE = {"prepare", "load", "check", "report"}
"""Tasks that open the warehouse, each for its receipt, too. Which one a turn meets hangs on who is first."""


class Between(Handler):
    """Passes requests on to a real part, its headers repeated with secrets, or answers itself."""

    server: Upstream

    def answer(self) -> None:
        """Pass on, or misbehave."""
        server = self.server
        if server.mode == "pass" or (
            server.watched and not (self.command == "GET" and server.watched in self.path)
        ):
            self.pass_on()
        elif server.after > 0:
            server.after -= 1
            self.pass_on()
        else:
            super().answer()

    def pass_on(self) -> None:
        """Ask the real part, and repeat the secrets beside its answer."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        real = HTTPConnection(LOOPBACK, self.server.real_port, timeout=60)
        real.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():  # Host is signed: it stays
            if name.lower() != "expect":
                real.putheader(name, value)
        real.endheaders(body)
        answer = real.getresponse()
        content = answer.read()
        self.send_response(answer.status, "reason")
        for name, value in answer.headers.items():
            if name.lower() not in ("transfer-encoding", "connection", "content-length"):
                self.send_header(name, value)
        self.send_header("X-Echo", quote(self.server.echo()))
        length = answer.headers["Content-Length"] if self.command == "HEAD" else len(content)
        if length is not None:
            self.send_header("Content-Length", str(length))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)
        real.close()

    do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = answer  # noqa: N815


class Upstream(Server):
    """A server in front of a real part.

    :param watched: the part of an address about which it misbehaves; empty for every one.
    """

    def __init__(self, real_port: int, watched: str = "") -> None:
        super().__init__((LOOPBACK, 0), Between)
        self.real_port, self.watched = real_port, watched
        self.mode, self.after = "pass", 0
        # what this server was told, or what stands beside it in the connection
        words = ("s3password",) if watched else ("login", "password", "query", "extra")
        self.secrets = {word: STACK_SECRETS[word] for word in words}


class PostgresRelay(socketserver.ThreadingTCPServer):
    """Passes bytes on to the real PostgreSQL, or answers a connection with secrets, or cuts it."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, real_port: int) -> None:
        super().__init__((LOOPBACK, 0), Relayed)
        self.real_port, self.mode, self.after = real_port, "pass", 0


class Relayed(socketserver.BaseRequestHandler):
    """One connection."""

    server: PostgresRelay
    request: socket.socket

    def handle(self) -> None:
        """Relay until one side ends."""
        server = self.server
        is_let_through = server.mode == "pass" or server.after > 0
        server.after -= 1
        if not is_let_through:
            if server.mode == "echo":
                known = STACK_SECRETS["pgpassword"], STACK_SECRETS["pgextra"]
                error_of_postgres(self.request, " ".join(known))
            return
        with socket.create_connection((LOOPBACK, server.real_port)) as real:
            back = threading.Thread(target=pump, args=(real, self.request), daemon=True)
            back.start()
            pump(self.request, real)
            back.join()


def pump(source: socket.socket, target: socket.socket) -> None:
    """Copy until the end."""
    with suppress(OSError):
        while data := source.recv(65_536):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)


class Stack:
    """What `make up` started in a directory, and its servers in between.

    :param executor: settings by which Airflow gives its tasks to workers; none: to processes of its own.
    """

    def __init__(self, state: Path, executor: dict[str, str]) -> None:
        self.state = state
        self.executor = executor
        self.ports = {name: free_port() for name in ("postgres", "s3", "sandbox", "ui")}
        self.keys = {
            "fernet": Fernet.generate_key().decode(),
            **{name: secrets.token_hex(32) for name in ("api", "jwt")},
            "airflow": secrets.token_hex(16),
            "s3": STACK_SECRETS["s3password"],
            "warehouse": STACK_SECRETS["pgpassword"],
        }
        self.servers: dict[str, Any] = {
            "api": Upstream(self.ports["sandbox"]),
            "s3": Upstream(self.ports["s3"], "/manifest.json"),
            "pg": PostgresRelay(self.ports["postgres"]),
        }
        # no retry: each would say the same
        self.dags = state.with_name("dags")
        self.dags.mkdir()
        text = (REPOSITORY / "dags" / "france_travail_daily.py").read_text()
        text += "\nfor task in dag.tasks:\n    task.retries = 0\n"
        (self.dags / "france_travail_daily.py").write_text(text)
        self.said = ""
        self.url = self.token = ""

    def environment(self) -> dict[str, str]:
        """Return the environment of `make up`: three connections through the servers, and DEBUG."""
        api, s3, pg = (server.server_address[1] for server in self.servers.values())
        known = STACK_SECRETS
        connections = {
            "FRANCE_TRAVAIL": {
                "conn_type": "http",
                "host": f"http://{LOOPBACK}:{api}",
                "login": known["login"],
                "password": known["password"],
                "extra": {
                    "token_url": f"http://{LOOPBACK}:{api}/connexion/oauth2/access_token"
                    f"?realm=%2Fpartenaire&key={known['query']}",
                    "requests_per_second": 200,
                    "note": known["extra"],
                },
            },
            "AWS_DEFAULT": {
                "conn_type": "aws",
                "login": "jobmarket",
                "password": known["s3password"],
                "extra": {"endpoint_url": f"http://{LOOPBACK}:{s3}", "region_name": "eu-west-3"},
            },
            "WAREHOUSE": {
                "conn_type": "postgres",
                "host": LOOPBACK,
                "port": pg,
                "login": "warehouse",
                "password": known["pgpassword"],
                "schema": "warehouse",
                "extra": {"application_name": known["pgextra"]},
            },
        }
        own = {name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW")}
        return {
            **own,
            **{f"AIRFLOW_CONN_{name}": json.dumps(one) for name, one in connections.items()},
            **self.executor,
            "AIRFLOW__LOGGING__LOGGING_LEVEL": "DEBUG",
            "AIRFLOW__CORE__DAGS_FOLDER": str(self.dags),
            "JOBMARKET_STATE": str(self.state),
            "SANDBOX_OPTIONS": f"--offers-per-day {OFFERS} --no-lively --rate 400 "
            f"--client-id {known['login']} --client-secret {known['password']}",
        }

    def make(self, command: str) -> None:
        """Run a command of a person, and keep what it says."""
        done = subprocess.run(
            ["make", command],
            cwd=REPOSITORY,
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        self.said += done.stdout + done.stderr
        assert done.returncode == 0, self.said

    def clean(self) -> None:
        """Stop it, also where it is half started."""
        with suppress(AssertionError):
            self.make("clean")

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Ask Airflow's REST API."""
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self.url + path, method=method, data=data)
        request.add_header("Content-Type", "application/json")
        if self.token:
            request.add_header("Authorization", f"Bearer {self.token}")
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read() or b"null")

    def log_in(self) -> None:
        """Log in as the person of `make up`, and let the daily DAG run."""
        self.url = re.findall(r"Airflow +(http://\S+)/$", self.said, re.MULTILINE)[-1]
        name, password = re.findall(r"login +(\S+) / (\S+)", self.said)[-1]
        login = {"username": name, "password": password}
        self.token = self.call("POST", "/auth/token", login)["access_token"]
        self.call("PATCH", "/api/v2/dags/france_travail_daily", {"is_paused": False})
        time.sleep(10)  # the run that the schedule may make now has an end before ours begin
        while any(
            run["state"] in ("queued", "running") for run in self.call("GET", DAG)["dag_runs"]
        ):
            time.sleep(1)

    def run(self, turn: Turn, day: str) -> str:
        """Run a day while a server misbehaves so; return what became of it."""
        server = self.servers[turn.server]
        server.after, server.mode = turn.after, turn.mode
        body = {"logical_date": None, "conf": {"day": day, "force": turn.server == "api"}}
        run = f"{DAG}/{quote(self.call('POST', DAG, body)['dag_run_id'], safe='')}"
        deadline = time.monotonic() + 300
        try:
            while time.monotonic() < deadline:
                tasks = self.call("GET", f"{run}/taskInstances")["task_instances"]
                states = {task["task_id"]: task["state"] for task in tasks}
                if "failed" in states.values():
                    break
                if states and set(states.values()) == {"success"}:
                    return "success"
                time.sleep(0.3)
            else:
                raise AssertionError(f"{turn.name} did not end: {states}")
            time.sleep(1)  # what follows a failure is written, too
            self.call("PATCH", run, {"state": "failed"})  # no retry: each would say the same
            return next(
                task for task, state in states.items() if state in ("failed", "up_for_retry")
            )
        finally:
            server.mode = "pass"

    def left(self) -> Iterator[tuple[str, str]]:
        """Yield all that is left, by where: terminal, files, tables of both databases, objects."""
        yield "terminal", self.said
        for file in self.state.rglob("*"):
            below = file.relative_to(self.state)
            if (
                file.is_file()
                and below.parts[0] not in ("postgres", "s3")
                and file.name not in KEPT_PRIVATE
            ):
                yield f"file {below}", file.read_bytes().decode(errors="replace")
        for database, password in (
            ("airflow", self.keys["airflow"]),
            ("warehouse", self.keys["warehouse"]),
        ):
            address = (
                f"postgresql://{database}:{password}@{LOOPBACK}:{self.ports['postgres']}/{database}"
            )
            with psycopg.connect(address) as connection:
                yield from rows_of(connection, database)
        client = boto3.client(
            "s3", endpoint_url=f"http://{LOOPBACK}:{self.ports['s3']}", region_name="eu-west-3",
            aws_access_key_id="jobmarket", aws_secret_access_key=STACK_SECRETS["s3password"],
        )  # fmt: skip
        for bucket in client.list_buckets()["Buckets"]:
            pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket["Name"])
            for key in (item["Key"] for page in pages for item in page.get("Contents", [])):
                found = client.get_object(Bucket=bucket["Name"], Key=key)
                body = found["Body"].read()
                if key.endswith(".zst"):
                    body = zstandard.ZstdDecompressor().decompressobj().decompress(body)
                yield f"object {key}", f"{key} {found['Metadata']} {body.decode(errors='replace')}"
        client.close()


def rows_of(connection: psycopg.Connection[Any], database: str) -> Iterator[tuple[str, str]]:
    """Yield each table of a database as text; what Airflow encrypts stays so."""
    tables = connection.execute(
        "select format('%I.%I', table_schema, table_name) from information_schema.tables"
        " where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')"
    ).fetchall()
    for (table,) in tables:
        rows = connection.execute(f"select t::text from {table} as t".encode()).fetchall()  # noqa: S608
        text = "\n".join(row for (row,) in rows)
        yield f"table {database}.{table}", text + "\n" + unpacked(text)


def unpacked(text: str) -> str:
    r"""Return what a column of bytes holds, which PostgreSQL writes as ``\x…``."""
    found = (part.split('"', 1)[0].rstrip(",)") for part in text.split("\\x")[1:])
    parts = []
    for part in found:
        with suppress(ValueError):
            parts.append(bytes.fromhex(part).decode(errors="replace"))
    return "\n".join(parts)


@contextmanager
def running(state: Path, executor: str) -> Iterator[Stack]:
    """Start all of it; stop all of it, whatever happens.

    :param executor: ``LocalExecutor``, or ``CeleryExecutor`` with Redis and a worker.
    """
    state.mkdir(mode=0o700)
    with ExitStack() as parts:
        is_celery = executor == "CeleryExecutor"
        broker = parts.enter_context(redis(STACK_SECRETS["broker"])) if is_celery else {}
        stack = Stack(state, broker)
        (state / "ports.json").write_text(json.dumps(stack.ports))
        (state / "keys.json").write_text(json.dumps(stack.keys))
        for server in stack.servers.values():
            threading.Thread(target=server.serve_forever, daemon=True).start()
            parts.callback(server.server_close)
            parts.callback(server.shutdown)
        parts.callback(stack.clean)
        stack.make("up")
        if is_celery:
            parts.enter_context(worker(stack.environment(), "worker"))
        stack.log_in()
        yield stack
