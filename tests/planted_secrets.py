"""Runs the daily DAG at DEBUG, a secret in every field of its connections, before servers that repeat them.

``python -m tests.planted_secrets`` is a process of its own: what it writes, and what it leaves below
AIRFLOW_HOME, is searched by ``test_planted_secrets``.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import quote

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
)
# each of signs that programs escape in ways of their own
SECRETS = {word: f'pl4nted-{word}-é"/&%+value' for word in WORDS}
SECRETS |= {word: f"pl4nted-{word}-0123456789" for word in WORDS if word[:2] in ("s3", "pg")}
# what the token is made of must fit a header
SECRETS["token"] = "pl4nted-token-~/+=0123456789"
ECHOES = {
    "plain": str,
    "percent": lambda text: quote(text, safe=""),
    "json": lambda text: json.dumps(text)[1:-1],
    "html": lambda text: "".join(f"&#{ord(sign)};" for sign in text),
    "hex": lambda text: text.encode().hex(),
    "control": lambda text: f"\x1b[31m{text[:6]}\u200b{text[6:]}\r\n",
}


class Server(ThreadingHTTPServer):
    """France Travail and S3 in one, each answer as bad as its mode says."""

    daemon_threads = True
    mode = "token-400"
    spelling = "plain"

    def echo(self) -> str:
        """Return all secrets as this server writes them."""
        return " ".join(ECHOES[self.spelling](secret) for secret in SECRETS.values())


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
        elif mode.startswith("search-"):
            status = int(mode.partition("-")[2])
            body = json.dumps({"message": echo, "codeErreur": echo})
        elif mode.startswith("s3-"):
            status = int(mode.partition("-")[2])
            body = f"<Error><Code>{quote(echo)}</Code><Message>{quote(echo)}</Message></Error>"
        self.send_response(status, "reason")
        for name in ("X-Echo", "Content-Range", "Retry-After", "Location", "WWW-Authenticate"):
            self.send_header(name, quote(echo))
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
        value = SECRETS["token"] + ("\r\nX-Evil: 1" if mode == "token-crlf" else "")
        return 200, json.dumps({"access_token": value, "expires_in": echo, "scope": echo})

    do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = answer  # noqa: N815

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def connect(url: str, *, is_malformed: bool = False) -> None:
    """Set the three connections, a secret in every field that a secret fits in."""
    host = url.replace("://", f"://{quote(SECRETS['userinfo'], safe='')}@") if is_malformed else url
    token_url = f"{url}/token?realm=%2Fpartenaire&key={quote(SECRETS['query'], safe='')}"
    api = {
        "conn_type": "http",
        "host": host,
        "login": SECRETS["login"],
        "password": SECRETS["password"],
        "schema": SECRETS["schema"],
        "extra": {"token_url": token_url, "note": SECRETS["extra"], "requests_per_second": 500},
    }
    s3_host = url.replace("://", f"://{SECRETS['s3userinfo']}@") if is_malformed else url
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
    for name, fields in (("FRANCE_TRAVAIL", api), ("AWS_DEFAULT", lake), ("WAREHOUSE", warehouse)):
        os.environ[f"AIRFLOW_CONN_{name}"] = json.dumps(fields)


def main(turns: list[str]) -> None:
    """Run each turn, ``task:mode:spelling``."""
    from unittest.mock import patch

    from airflow.dag_processing.dagbag import DagBag
    from airflow.utils.db import initdb
    from jobmarket.foundation.lake.manifest import Manifest
    from jobmarket.foundation.lake.store import Lake
    from jobmarket.sources.france_travail.client import client

    initdb()
    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    dag = DagBag().dags["france_travail_daily"]
    client.BACKOFF_S = 0.001
    for task in dag.tasks:
        task.retries = 0
    for number, turn in enumerate(turns, start=1):
        task_id, server.mode, server.spelling = turn.split(":")
        connect(f"http://127.0.0.1:{server.server_port}", is_malformed=server.mode == "malformed")
        print(f"turn {turn}", flush=True)  # noqa: T201
        conf = {"day": f"2026-10-{number:02d}", "force": True}
        with patch.object(Lake, "ensure_bucket"), patch.object(Lake, "open_run"):
            if task_id != "extract":
                # the key of a manifest, and its content, stand for a day that was collected
                with patch.object(Lake, "read_manifest", return_value=MANIFEST(Manifest)):
                    state = run_only(dag, task_id, conf)
            else:
                state = dag.test(run_conf=conf).state
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
    main(sys.argv[1:])
