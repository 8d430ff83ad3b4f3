"""Servers of this machine that receive alarms: a mail server, a webhook of Slack's form, SNS."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from local.process import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

_PUBLISHED = (
    b'<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult>'
    b"<MessageId>1</MessageId></PublishResult><ResponseMetadata><RequestId>1</RequestId>"
    b"</ResponseMetadata></PublishResponse>"
)


class Mailbox:
    """What a mail server received: subjects and bodies."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, str]] = []
        self.port = free_port()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        mail = message_from_bytes(envelope.content)
        parts = [part for part in mail.walk() if not part.is_multipart()]
        body = "".join(part.get_payload(decode=True).decode() for part in parts)  # type: ignore[union-attr]
        self.mails.append((" ".join(str(mail["Subject"]).split()), body))
        return "250 OK"

    def connection(self, **changes: Any) -> dict[str, Any]:
        """Return the fields of the connection ``alarm_smtp``."""
        extra = {
            "to": "on-call@example.org",
            "from_email": "airflow@example.org",
            "disable_ssl": True,
            "disable_tls": True,
            "timeout": 5,
            "retry_limit": 1,
        }
        return {
            "conn_type": "smtp",
            "host": "127.0.0.1",
            "port": self.port,
            "extra": extra,
            **changes,
        }


@contextmanager
def mailbox() -> Iterator[Mailbox]:
    """Give a mail server that takes every mail, and every login."""
    received = Mailbox()
    controller = Controller(
        received, hostname="127.0.0.1", port=received.port,
        authenticator=lambda *_: AuthResult(success=True), auth_require_tls=False,
    )  # fmt: skip
    controller.start()
    try:
        yield received
    finally:
        controller.stop()


class Posts:
    """What was posted to a web server: the path and the body of each."""

    def __init__(self) -> None:
        self.bodies: list[tuple[str, bytes]] = []
        self.status = 200
        posts = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                posts.bodies.append((self.path, body))
                answer = _PUBLISHED if b"Action=Publish" in body else b"ok"
                self.send_response(posts.status)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: Any) -> None: ...

        self.server = HTTPServer(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    @property
    def slack_texts(self) -> list[str]:
        return [json.loads(body)["text"] for _, body in self.bodies]

    @property
    def sns_messages(self) -> list[dict[str, str]]:
        return [
            {name: values[0] for name, values in parse_qs(body.decode()).items()}
            for _, body in self.bodies
        ]


@contextmanager
def posts() -> Iterator[Posts]:
    """Give a web server that takes every post."""
    received = Posts()
    thread = threading.Thread(target=received.server.serve_forever, daemon=True)
    thread.start()
    try:
        yield received
    finally:
        received.server.shutdown()
        received.server.server_close()
