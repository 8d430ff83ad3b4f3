"""Runs the daily DAG at DEBUG, a secret in every field of its connections, before servers that repeat them.

``python -m tests.support.planted_secrets`` is a process of its own: what it writes, and what it leaves below
AIRFLOW_HOME, is searched by ``test_planted_secrets``.
"""

from __future__ import annotations

import json
import os
import socket
import socketserver
import struct
import sys
import threading
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from tests.support.alarm_servers import posts

if TYPE_CHECKING:
    from collections.abc import Callable

WORDS = (
    "login",
    "password",
    "schema",
    "query",
    "extra",
    "userinfo",
    "token",
    "s3login",
    "s3password",
    "s3session",
    "s3userinfo",
    "pglogin",
    "pgpassword",
    "pgdatabase",
    "pgextra",
    "slack",
)
# each of signs that programs escape in ways of their own
SECRETS = {word: f'pl4nted-{word}-é"/&%+value' for word in WORDS}
SECRETS |= {word: f"pl4nted-{word}-0123456789" for word in WORDS if word[:2] in ("s3", "pg")}
# what the token is made of must fit a header, and what Slack gives is a path
SECRETS["token"] = "pl4nted-token-~/+=0123456789"
SECRETS["slack"] = "T/B/pl4nted-slack-0123456789"
ECHOES: dict[str, Callable[[str], str]] = {
    "plain": str,
    "percent": lambda text: quote(text, safe=""),
    "json": lambda text: json.dumps(text)[1:-1],
    "html": lambda text: "".join(f"&#{ord(sign)};" for sign in text),
    "hex": lambda text: text.encode().hex(),
    "control": lambda text: f"\x1b[31m{text[:6]}\u200b{text[6:]}\r\n",
}


def of(*words: str) -> dict[str, str]:
    """Return some of the secrets: those that one server was told, or that stand beside them."""
    return {word: SECRETS[word] for word in words}


class Server(ThreadingHTTPServer):
    """France Travail or S3, each answer as bad as its mode says."""

    daemon_threads = True
    mode = "token-400"
    spelling = "plain"
    secrets = SECRETS

    def echo(self) -> str:
        """Return all secrets as this server writes them."""
        return " ".join(ECHOES[self.spelling](secret) for secret in self.secrets.values())


class Handler(BaseHTTPRequestHandler):
    """Answers every method."""

    server: Server

    def answer(self) -> None:
        """Send what the mode says."""
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        mode, echo = self.server.mode, self.server.echo()
        status, body = 500, echo
        is_token = "access_token" in self.path or "/token" in self.path
        if is_token:
            status, body = self._token(mode, echo)
        elif (
            mode == "search-echo" and "/offres/search" in self.path
        ):  # an answer as it should be, but for what its texts repeat
            offer = {
                "id": "0123456",
                "dateCreation": "2026-10-01T08:00:00.000Z",
                "description": echo,
            }
            status, body = 206, json.dumps({"resultats": [offer]})
        elif mode.startswith("search-") and mode != "search-echo":
            status = int(mode.partition("-")[2])
            body = json.dumps({"message": echo, "codeErreur": echo})
        elif mode == "s3-empty":  # as a bucket without objects, which takes what it is given
            status, body = 200, "<ListBucketResult></ListBucketResult>"
        elif mode == "s3-html":
            status, body = 200, echo
        elif mode.startswith("s3-"):
            status = int(mode.partition("-")[2])
            body = f"<Error><Code>{quote(echo)}</Code><Message>{quote(echo)}</Message></Error>"
        self.send_response(status, "reason")
        for name in ("X-Echo", "Content-Range", "Retry-After", "Location", "WWW-Authenticate"):
            range_too = "offres 0-0/1 " if (mode, name) == ("search-echo", "Content-Range") else ""
            self.send_header(name, range_too + quote(echo))
        sent = body.encode()
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(sent)

    def _token(self, mode: str, echo: str) -> tuple[int, str]:
        if mode == "token-400":
            return 400, json.dumps({"error": echo, "error_description": echo})
        if mode == "token-html":
            return 200, echo
        value = self.server.secrets.get("token", "a-token") + (
            "\r\nX-Evil: 1" if mode == "token-crlf" else ""
        )
        return 200, json.dumps({"access_token": value, "expires_in": echo, "scope": echo})

    do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = answer  # noqa: N815

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


class EchoingPostgres(socketserver.ThreadingTCPServer):
    """A PostgreSQL that answers each connection with an error which repeats all secrets."""

    daemon_threads = True

    class Connection(socketserver.BaseRequestHandler):
        """One connection."""

        def handle(self) -> None:
            """Refuse it."""
            known = of("pglogin", "pgpassword", "pgdatabase", "pgextra").values()
            error_of_postgres(self.request, " ".join(map(ECHOES[Server.spelling], known)))

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), self.Connection)


def error_of_postgres(client: socket.socket, text: str) -> None:
    """Answer a client that connects with an error whose every part holds a text."""
    while True:
        length, code = struct.unpack("!ii", client.recv(8, socket.MSG_WAITALL))
        client.recv(length - 8, socket.MSG_WAITALL)
        if code not in (80877103, 80877104):  # SSLRequest, GSSENCRequest: no
            break
        client.sendall(b"N")
    client.sendall(error_message(text))


def error_message(text: str) -> bytes:
    """Return an error of PostgreSQL whose every part holds a text."""
    parts = {"S": "FATAL", "V": "FATAL", "C": "XX000", **dict.fromkeys("MDHWstcdn", text)}
    fields = b"".join(f"{key}{value}".encode() + b"\0" for key, value in parts.items()) + b"\0"
    return b"E" + struct.pack("!i", len(fields) + 4) + fields


def connect(url: str, s3_url: str, slack_url: str, *, malformed: str = "") -> None:
    """Set the connections, a secret in every field that a secret fits in.

    :param malformed: ``api`` or ``s3``: the address of this one holds a user.
    """
    host = url.replace("://", f"://{quote(SECRETS['userinfo'], safe='')}@")
    host = host if malformed == "api" else url
    token_url = f"{url}/token?realm=%2Fpartenaire&key={quote(SECRETS['query'], safe='')}"
    api = {
        "conn_type": "http",
        "host": host,
        "login": SECRETS["login"],
        "password": SECRETS["password"],
        "schema": SECRETS["schema"],
        "extra": {"token_url": token_url, "note": SECRETS["extra"], "requests_per_second": 500},
    }
    s3_host = s3_url.replace("://", f"://{SECRETS['s3userinfo']}@[")
    s3_host = s3_host if malformed == "s3" else s3_url
    lake = {
        "conn_type": "aws",
        "login": SECRETS["s3login"],
        "password": SECRETS["s3password"],
        "extra": {
            "endpoint_url": s3_host,
            "region_name": "us-east-1",
            "aws_session_token": SECRETS["s3session"],
        },
    }
    warehouse = {
        "conn_type": "postgres",
        "host": os.environ["PLANTED_PG_HOST"],
        "port": int(os.environ["PLANTED_PG_PORT"]),
        "login": SECRETS["pglogin"],
        "password": SECRETS["pgpassword"],
        "schema": SECRETS["pgdatabase"],
        "extra": {"application_name": SECRETS["pgextra"]},
    }
    slack = {"conn_type": "slackwebhook", "host": slack_url, "password": SECRETS["slack"]}
    for name, fields in (
        ("FRANCE_TRAVAIL", api), ("AWS_DEFAULT", lake), ("WAREHOUSE", warehouse), ("ALARM_SLACK", slack),
    ):  # fmt: skip
        os.environ[f"AIRFLOW_CONN_{name}"] = json.dumps(fields)


def main(turns: list[str], slack_url: str) -> None:
    """Run each turn, ``task:mode:spelling``."""
    from unittest.mock import patch

    from airflow.dag_processing.dagbag import DagBag
    from airflow.utils.db import initdb
    from jobmarket.foundation.lake.manifest import Manifest
    from jobmarket.foundation.lake.store import Lake
    from jobmarket.sources.france_travail.client import client

    initdb()
    api, lake = (Server(("127.0.0.1", 0), Handler) for _ in range(2))
    lake.secrets = of("s3login", "s3password", "s3session")
    for server in (api, lake):
        threading.Thread(target=server.serve_forever, daemon=True).start()
    if os.environ.get("PLANTED_PG") == "echoing":
        postgres = EchoingPostgres(int(os.environ["PLANTED_PG_PORT"]))
        threading.Thread(target=postgres.serve_forever, daemon=True).start()
    dag = DagBag().dags["france_travail_daily"]
    client.BACKOFF_S = 0.001
    for task in dag.tasks:
        task.retries = 0
    for number, turn in enumerate(turns, start=1):
        task_id, mode, Server.spelling = turn.split(":")
        is_extract = task_id == "extract"
        api.mode, lake.mode = (mode, "s3-empty") if is_extract else ("", mode)
        # a token is one once it was given
        given = () if mode.startswith("token") and mode != "token-crlf" else ("token",)
        api.secrets = of("login", "password", "schema", "query", "extra", *given)
        connect(
            f"http://127.0.0.1:{api.server_port}",
            f"http://127.0.0.1:{lake.server_port}",
            slack_url,
            malformed=("api" if is_extract else "s3") if mode == "malformed" else "",
        )
        print(f"turn {turn}", flush=True)  # noqa: T201
        conf = {"day": f"2026-10-{number % 28 + 1:02d}", "force": True}
        with ExitStack() as patched:
            patched.enter_context(patch.object(Lake, "ensure_bucket"))
            if (
                mode == "pg"
            ):  # the key of a manifest, and its content, stand for a day that was collected
                manifest = MANIFEST(Manifest)
                patched.enter_context(patch.object(Lake, "read_manifest", return_value=manifest))
            state = dag.test(run_conf=conf).state if is_extract else run_only(dag, task_id, conf)
        print(f"ended {turn} {state}", flush=True)  # noqa: T201


def MANIFEST(kind: Any) -> Any:
    """Return the manifest of an empty day."""
    import msgspec

    numbers = "announced collected duplicates outside_day gap requests retries re_reads bytes filter_shift_s"
    certificate: dict[str, Any] = dict.fromkeys(numbers.split(), 0)
    certificate |= {"certified": True, "seconds": 0.0, "statuses": {}, "slices": []}
    now = "2026-10-02T00:00:00Z"
    fields = {"day": "2026-10-01", "run_id": "r", "started_at": now, "finished_at": now}
    return msgspec.convert({**fields, "certificate": certificate, "pages": []}, kind)


def run_only(dag: Any, task_id: str, conf: dict[str, Any]) -> str:
    """Run one task of the DAG as if those before it had succeeded."""
    alone = dag.partial_subset(task_id, include_upstream=False)
    for task in alone.tasks:
        task.retries = 0
        if hasattr(task, "manifest_key"):
            task.manifest_key = "manifest.json"
    return str(alone.test(run_conf=conf).state)


if __name__ == "__main__":
    with posts() as slack:
        main(sys.argv[1:], slack.url)
