"""What `make up` starts, with all that it can be made to log, behind servers that repeat secrets.

What lives here: how the stack is set up and asked. What does not: in which ways its runs fail
(``planted_turns``), the servers between (``planted_servers``), where a secret could be left
(``planted_places``), which spellings are looked for (``planted_search``), what is asked
(``test_planted_secrets``).
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import threading
import time
import urllib.error
import urllib.request
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import psycopg
from cryptography.fernet import Fernet
from redis import ConnectionError as RedisIsGone
from redis import Redis

from local.process import LOOPBACK, free_port
from sandbox.places import postgres_directory
from tests.support.alarm_servers import mailbox, posts
from tests.support.celery_parts import redis, worker
from tests.support.planted_servers import PostgresRelay, Upstream
from tests.support.planted_turns import DAGS, WITHOUT_A_DAY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.alarm_servers import Mailbox, Posts
    from tests.support.planted_turns import Turn

REPOSITORY = Path(__file__).parents[2]
OFFERS = 10_000  # a day, so that there is much to say at DEBUG
LONGEST_RUN_S = 300
STEM = "pl4nted"
STACK_SECRETS = {
    word: f"{STEM}-stack-{word}-0123456789abcdef"
    for word in (
        *("login", "password", "query", "extra", "pgextra", "broker", "adzuna", "smtp", "slack"),
        # what the stack makes for itself, and what Airflow's parts share
        *("s3", "warehouse", "warehouse_tasks", "warehouse_analyst", "airflow", "api"),
    )
}
STACK_SECRETS["jwt"] = f"{STEM}-stack-jwt-{'0123456789abcdef' * 4}"
# a server repeats what it was told, whichever of the two accounts a task has
STACK_SECRETS["warehouse_tasks"] = STACK_SECRETS["warehouse"]
STACK_SECRETS["fernet"] = Fernet.generate_key().decode()
OF_POSTGRES = {
    "log_statement": "all",
    "log_parameter_max_length": "-1",
    "log_parameter_max_length_on_error": "-1",
    "log_min_messages": "debug1",
    "log_min_error_statement": "debug1",
    "log_error_verbosity": "verbose",
    "log_connections": "on",
    "log_disconnections": "on",
}
# so that what follows a failed attempt is looked at, too
ONE_RETRY = """
from datetime import timedelta
from jobmarket.airflow.task import TASK_DEFAULTS
TASK_DEFAULTS.update(retries=1, retry_delay=timedelta(seconds=1), retry_exponential_backoff=0)
"""


class Stack:
    """What `make up` started in a directory, and its servers in between.

    :param executor: settings by which Airflow gives its tasks to workers; none: to processes of its own.
    """

    def __init__(
        self, state: Path, executor: dict[str, str], mails: Mailbox, others: tuple[Posts, ...]
    ) -> None:
        self.state = state
        self.executor = executor
        self.mails = mails
        self.slack, self.sns, self.metrics = others
        self.broker: Any = None
        self.heard: list[bytes] = []
        if executor:
            address = executor["AIRFLOW__CELERY__BROKER_URL"]
            # it may be told nothing for long
            self.broker = Redis.from_url(address, socket_timeout=None)
            threading.Thread(target=self.hear, daemon=True).start()
        self.ports = {name: free_port() for name in ("postgres", "s3", "sandbox", "ui", "catalog")}
        names = ("fernet", "api", "jwt", "airflow", "s3", "warehouse")
        members = ("warehouse_tasks", "warehouse_analyst")
        self.keys = {name: STACK_SECRETS[name] for name in (*names, *members)}
        self.servers: dict[str, Any] = {
            "api": Upstream(self.ports["sandbox"], of("login", "password", "query", "extra")),
            "adzuna": Upstream(self.ports["sandbox"], of("adzuna")),
            "s3": Upstream(self.ports["s3"], of("s3")),
            "pg": PostgresRelay(self.ports["postgres"], of("warehouse_tasks", "pgextra")),
        }
        self.dags = state.with_name("dags")
        self.dags.mkdir()
        for dag in DAGS:
            text = (REPOSITORY / "dags" / f"{dag}.py").read_text()
            words, end, code = text.partition('"""\n')  # of the module
            (self.dags / f"{dag}.py").write_text(words + end + ONE_RETRY + code)
        self.used: list[str] = []
        self.said = ""
        self.url = self.token = ""

    def address(self, server: str) -> str:
        """Return where one of the servers in between is."""
        return f"http://{LOOPBACK}:{self.servers[server].server_address[1]}"

    def environment(self) -> dict[str, str]:
        """Return the environment of `make up`: connections through the servers, and everything at DEBUG."""
        known = STACK_SECRETS
        pg = {
            "conn_type": "postgres",
            "host": LOOPBACK,
            "port": self.servers["pg"].server_address[1],
            "schema": "warehouse",
            "extra": {"sslpassword": known["pgextra"]},
        }
        connections = {
            "FRANCE_TRAVAIL": {
                "conn_type": "http",
                "host": self.address("api"),
                "login": known["login"],
                "password": known["password"],
                "extra": {
                    "token_url": f"{self.address('api')}/connexion/oauth2/access_token"
                    f"?realm=%2Fpartenaire&key={known['query']}",
                    "requests_per_second": 200,
                    "note": known["extra"],
                },
            },
            "WAREHOUSE": {
                **pg,
                "login": "warehouse_tasks",
                "password": known["warehouse_tasks"],
            },
            "WAREHOUSE_OWNER": {**pg, "login": "warehouse", "password": known["warehouse"]},
        }
        own = {name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW")}
        return {
            **own,
            **{f"AIRFLOW_CONN_{name}": json.dumps(one) for name, one in connections.items()},
            **self.executor,
            "AIRFLOW__LOGGING__LOGGING_LEVEL": "DEBUG",
            # each statement that Airflow asks its own database, with its parameters and its rows
            "AIRFLOW__DATABASE__SQL_ALCHEMY_ENGINE_ARGS": json.dumps({"echo": "debug"}),
            "AIRFLOW__LOGGING__REMOTE_LOGGING": "True",
            "AIRFLOW__LOGGING__REMOTE_BASE_LOG_FOLDER": "s3://jobmarket/logs-of-tasks",
            "AIRFLOW__LOGGING__REMOTE_LOG_CONN_ID": "aws_default",
            "AIRFLOW__METRICS__OTEL_ON": "True",
            "OTEL_EXPORTER_OTLP_ENDPOINT": self.metrics.url,
            "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT": f"{self.metrics.url}/v1/metrics",
            "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
            "AIRFLOW__CORE__DAGS_FOLDER": str(self.dags),
            "JOBMARKET_STATE": str(self.state),
            "SANDBOX_OPTIONS": f"--offers-per-day {OFFERS} --no-lively --rate 400 "
            f"--client-id {known['login']} --client-secret {known['password']} "
            f"--adzuna-app-key {known['adzuna']}",
        }

    def hear(self) -> None:
        """Keep what Redis is told, until it ends."""
        with suppress(RedisIsGone), self.broker.monitor() as told:
            for one in told.listen():
                self.heard.append(one["command"].encode())

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

    def answer(self, path: str, method: str = "GET", body: Any = None) -> bytes:
        """Ask Airflow for anything; an error is an answer."""
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(f"{self.url}/{path}", method=method, data=data)
        request.add_header("Content-Type", "application/json")
        if self.token:
            request.add_header("Authorization", f"Bearer {self.token}")
            request.add_header("Cookie", f"_token={self.token}")
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return bytes(answer.read())
        except urllib.error.HTTPError as error:
            return error.read()

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Ask Airflow's REST API."""
        return json.loads(self.answer(path.lstrip("/"), method, body) or b"null")

    def log_all(self) -> None:
        """Let PostgreSQL log all that it is told, from now on."""
        secret = (postgres_directory(self.state / "postgres") / "password").read_text()
        at = f"postgresql://jobmarket:{secret}@{LOOPBACK}:{self.ports['postgres']}/postgres"
        with psycopg.connect(at, autocommit=True) as connection:
            for name, value in OF_POSTGRES.items():
                connection.execute(f"alter system set {name} = '{value}'".encode())
            connection.execute("select pg_reload_conf()")

    def log_in(self) -> None:
        """Log in as the person of `make up`, and keep the other connections as one does in the UI."""
        self.url = re.findall(r"Airflow +(http://\S+)/$", self.said, re.MULTILINE)[-1]
        name, password = re.findall(r"login +(\S+) / (\S+)", self.said)[-1]
        login = {"username": name, "password": password}
        self.token = self.call("POST", "auth/token", login)["access_token"]
        known, s3 = STACK_SECRETS, {"region_name": "eu-west-3"}
        kept: dict[str, dict[str, Any]] = {
            "aws_default": {
                "conn_type": "aws",
                "login": "jobmarket",
                "password": known["s3"],
                "extra": json.dumps({**s3, "endpoint_url": self.address("s3")}),
            },
            "adzuna": {
                "conn_type": "http",
                "host": self.address("adzuna"),
                "login": "sandbox",
                "password": known["adzuna"],
                "extra": json.dumps({"requests_per_minute": 1000, "requests_per_day": 1000}),
            },
            "alarm_slack": {
                "conn_type": "slackwebhook",
                "host": self.slack.url,
                "password": f"T/B/{known['slack']}",
            },
            "alarm_smtp": {
                **self.mails.connection(login="alarms", password=known["smtp"]),
                "extra": json.dumps(self.mails.connection()["extra"]),
            },
            "alarm_sns": {
                "conn_type": "aws",
                "login": "jobmarket",
                "password": known["s3"],
                "extra": json.dumps(
                    {**s3, "endpoint_url": self.sns.url, "target_arn": "arn:aws:sns:eu-west-3:1:a"}
                ),
            },
        }
        for conn_id, fields in kept.items():
            body = {"connection_id": conn_id, **fields}
            is_new = conn_id.startswith("alarm")
            path = "api/v2/connections" + ("" if is_new else f"/{conn_id}")
            found = self.call("POST" if is_new else "PATCH", path, body)
            assert found.get("connection_id") == conn_id, found

    def use(self, dag: str) -> None:
        """Let a DAG run, and wait for what its schedule starts now."""
        if dag in self.used:
            return
        self.used.append(dag)
        found = self.call("PATCH", f"api/v2/dags/{dag}", {"is_paused": False})
        assert found.get("dag_id") == dag, found
        time.sleep(5)
        runs = f"api/v2/dags/{dag}/dagRuns?limit=100"
        while any(
            run["state"] in ("queued", "running") for run in self.call("GET", runs)["dag_runs"]
        ):
            time.sleep(1)

    def run(self, turn: Turn, day: str) -> str:
        """Run a day while a server misbehaves so; return which task has failed, or ``success``."""
        self.use(turn.dag)
        server = self.servers[turn.server]
        server.after, server.about, server.mode = turn.after, turn.about, turn.mode
        conf: dict[str, Any] = {} if turn.dag in WITHOUT_A_DAY else {"day": day}
        conf |= {"force": True} if turn.asks else {}
        at = f"api/v2/dags/{turn.dag}/dagRuns"
        deadline = time.monotonic() + LONGEST_RUN_S
        while "dag_run_id" not in (
            made := self.call("POST", at, {"logical_date": None, "conf": conf})
        ):  # a busy machine: its database gave no connection in time, say
            assert time.monotonic() < deadline, made
            time.sleep(5)
        run = f"{at}/{quote(made['dag_run_id'], safe='')}"
        deadline = time.monotonic() + LONGEST_RUN_S
        try:
            while time.monotonic() < deadline:
                tasks = self.call("GET", f"{run}/taskInstances")["task_instances"]
                states = {task["task_id"]: task["state"] for task in tasks}
                if "failed" in states.values():
                    time.sleep(1)  # what follows a failure is written, too
                    self.call("PATCH", run, {"state": "failed"})  # what stands beside it
                    return next(task for task, state in states.items() if state == "failed")
                if states and set(states.values()) == {"success"}:
                    return "success"
                time.sleep(1)
            self.call("PATCH", run, {"state": "failed"})
            return f"no end: {states}"
        finally:
            server.mode = "pass"


def of(*words: str) -> dict[str, str]:
    """Return some of the secrets."""
    return {word: STACK_SECRETS[word] for word in words}


@contextmanager
def running(state: Path, executor: str) -> Iterator[Stack]:
    """Start all of it; stop all of it, whatever happens.

    :param executor: ``LocalExecutor``, or ``CeleryExecutor`` with Redis and a worker.
    """
    state.mkdir(mode=0o700)
    with ExitStack() as parts:
        is_celery = executor == "CeleryExecutor"
        broker = parts.enter_context(redis(STACK_SECRETS["broker"], state)) if is_celery else {}
        others = tuple(parts.enter_context(posts()) for _ in range(3))
        stack = Stack(state, broker, parts.enter_context(mailbox()), others)
        (state / "ports.json").write_text(json.dumps(stack.ports))
        (state / "keys.json").write_text(json.dumps(stack.keys))
        for server in stack.servers.values():
            threading.Thread(target=server.serve_forever, daemon=True).start()
            parts.callback(server.server_close)
            parts.callback(server.shutdown)
        parts.callback(stack.clean)
        stack.make("up")
        # what is told PostgreSQL at the start is logged, too
        stack.log_all()
        stack.make("down")
        stack.make("up")
        if is_celery:
            parts.enter_context(worker(stack.environment(), "worker"))
        stack.log_in()
        yield stack
