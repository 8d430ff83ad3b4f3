"""Servers between the tasks and the real parts of a stack: they pass on, repeat secrets, refuse, or cut.

What does not live here: when each misbehaves (``planted_stack``), what a server says that has no real part
behind it (``planted_secrets``).
"""

from __future__ import annotations

import socket
import socketserver
import threading
from contextlib import suppress
from http.client import HTTPConnection
from urllib.parse import quote

from local.process import LOOPBACK
from tests.support.planted_secrets import Handler, Server, error_message, error_of_postgres

LOG_IN = 9
"""What a client of PostgreSQL sends until it is logged in and has made its settings."""


class Between(Handler):
    """Passes requests on to a real part, its headers repeated with secrets, or answers itself."""

    server: Upstream
    protocol_version = "HTTP/1.1"  # so that boto3 need not wait before it sends what it lands

    def handle_expect_100(self) -> bool:
        """Ask for the body."""
        self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        return True

    def end_headers(self) -> None:
        """Say that each connection is for one answer."""
        self.send_header("Connection", "close")
        super().end_headers()

    def answer(self) -> None:
        """Pass on, or misbehave."""
        server = self.server
        method, _, part = server.about.partition(" ")
        if server.mode == "pass" or (
            server.about and not (self.command == method and part in self.path)
        ):
            self.pass_on()
        elif server.after > 0:
            server.after -= 1
            self.pass_on()
        elif server.mode == "cut":
            self.cut()
        else:
            super().answer()

    def cut(self) -> None:
        """End in the middle of an answer."""
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        echo = self.server.echo()
        self.send_response(200, "reason")
        self.send_header("X-Echo", quote(echo))
        self.send_header("Content-Length", str(2 * len(echo)))
        self.end_headers()
        self.wfile.write(echo.encode())

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

    :param known: the secrets that it was told, or that stand beside those in the connection.
    """

    def __init__(self, real_port: int, known: dict[str, str]) -> None:
        super().__init__((LOOPBACK, 0), Between)
        self.real_port, self.secrets = real_port, known
        self.mode, self.after, self.about = "pass", 0, ""


class PostgresRelay(socketserver.ThreadingTCPServer):
    """Passes bytes on to the real PostgreSQL, or answers with secrets, or cuts the connection.

    :param known: the secrets that it was told.
    """

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, real_port: int, known: dict[str, str]) -> None:
        super().__init__((LOOPBACK, 0), Relayed)
        self.real_port, self.echo = real_port, " ".join(known.values())
        self.mode, self.after, self.about = "pass", 0, ""


class Relayed(socketserver.BaseRequestHandler):
    """One connection."""

    server: PostgresRelay
    request: socket.socket

    def handle(self) -> None:
        """Relay until one side ends."""
        server = self.server
        is_let_through = server.mode == "pass" or server.after > 0
        server.after -= 1
        if is_let_through:
            self.relay()
        elif server.mode == "echo":
            error_of_postgres(self.request, server.echo)
        elif server.mode == "echo-late":
            self.relay(LOG_IN)

    def relay(self, parts: int | None = None) -> None:
        """Pass bytes on; after so many parts of the client, answer the next with an error."""
        with socket.create_connection((LOOPBACK, self.server.real_port)) as real:
            back = threading.Thread(target=pump, args=(real, self.request), daemon=True)
            back.start()
            pump(self.request, real, parts)
            if parts and self.request.recv(65_536):
                self.request.sendall(error_message(self.server.echo))
            with suppress(OSError):
                real.shutdown(socket.SHUT_WR)
            back.join()


def pump(source: socket.socket, target: socket.socket, parts: int | None = None) -> None:
    """Copy until the end, or so many parts."""
    with suppress(OSError):
        while parts != 0 and (data := source.recv(65_536)):
            target.sendall(data)
            parts = None if parts is None else parts - 1
    if parts is None:
        with suppress(OSError):
            target.shutdown(socket.SHUT_WR)
