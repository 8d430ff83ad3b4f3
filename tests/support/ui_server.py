"""Airflow's api-server on the metadata of the tests, with its users."""

# ruff: noqa: AIR311  what the api-server reads is written here, outside of tasks

from __future__ import annotations

import json
import os
import sys
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from local.process import LOOPBACK, answers_http, free_port, launch

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# `guest` may log in and has no role, so no right at all
USERS = {"admin": "admin", "viewer": "viewer", "guest": ""}
START_TIMEOUT_S = 120


@dataclass
class Answer:
    """What the server answers to one request."""

    status: int
    headers: Any
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


@dataclass
class Server:
    """A running api-server.

    :param url: without a slash at its end.
    """

    url: str
    tokens: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, user: str = "", *, cookie: str = "") -> Answer:
        """Ask for a path as a user, or as nobody; a redirect is an answer."""
        request = urllib.request.Request(f"{self.url}/{path}")
        if user:
            cookie = f"_token={self.token(user)}"
        if cookie:
            request.add_header("Cookie", cookie)
        try:
            with urllib.request.build_opener(_Stay).open(request, timeout=60) as answer:
                return Answer(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.headers, error.read())

    def token(self, user: str) -> str:
        """Log in once."""
        if user not in self.tokens:
            body = json.dumps({"username": user, "password": user}).encode()
            request = urllib.request.Request(f"{self.url}/auth/token", data=body)
            request.add_header("Content-Type", "application/json")
            with urllib.request.urlopen(request, timeout=60) as answer:
                self.tokens[user] = json.load(answer)["access_token"]
        return self.tokens[user]


@contextmanager
def kept_in_airflow(connections: dict[str, dict[str, Any]], bucket: str) -> Iterator[None]:
    """Keep connections and the bucket in Airflow's metadata, as a person does in the UI; then forget them."""
    from airflow.models import Connection, Variable
    from airflow.utils.session import create_session
    from sqlalchemy import delete

    with create_session() as session:
        for conn_id, fields in connections.items():
            extra = json.dumps(fields.get("extra", {}))
            session.add(Connection(conn_id=conn_id, **{**fields, "extra": extra}))
        session.add(Variable("data_lake_bucket", bucket))
    try:
        yield
    finally:
        with create_session() as session:
            session.execute(delete(Connection).where(Connection.conn_id.in_(connections)))
            session.execute(delete(Variable).where(Variable.key == "data_lake_bucket"))


@contextmanager
def changed(known_as: str, /, **fields: Any) -> Iterator[None]:
    """Change a kept connection for a while."""
    from airflow.models import Connection
    from airflow.utils.session import create_session
    from sqlalchemy import select

    with create_session() as session:
        key = session.scalar(select(Connection.id).where(Connection.conn_id == known_as))

    def change(new: dict[str, Any]) -> dict[str, Any]:
        with create_session() as session:
            known = session.get_one(Connection, key)
            old = {name: getattr(known, name) for name in new}
            for name, value in new.items():
                setattr(known, name, value)
        return old

    before = change(fields)
    try:
        yield
    finally:
        change(before)


@contextmanager
def without_bucket(bucket: str) -> Iterator[None]:
    """Forget for a while what the bucket is called."""
    from airflow.models import Variable

    Variable.delete("data_lake_bucket")
    try:
        yield
    finally:
        Variable.set("data_lake_bucket", bucket)


@contextmanager
def running(directory: Path) -> Iterator[Server]:
    """Start an api-server on the metadata and connections of this process; stop it at the end."""
    directory.mkdir()
    passwords = directory / "passwords.json"
    passwords.write_text(json.dumps({user: user for user in USERS}))
    port = free_port()
    environment = {
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": ",".join(map(":".join, USERS.items())),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(passwords),
        "AIRFLOW__API__HOST": LOOPBACK,
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__BASE_URL": f"http://{LOOPBACK}:{port}",
        "AIRFLOW__API__SECRET_KEY": os.urandom(32).hex(),
        "AIRFLOW__API_AUTH__JWT_SECRET": os.urandom(32).hex(),
    }
    command = [sys.executable, "-m", "airflow", "api-server"]
    log = directory / "api-server.log"
    service = launch("airflow api-server", command, log, env=environment, cwd=directory)
    server = Server(f"http://{LOOPBACK}:{port}")
    try:
        service.wait_until(
            lambda: answers_http(f"{server.url}/api/v2/version"), timeout_s=START_TIMEOUT_S
        )
        yield server
    finally:
        service.stop()
