"""An HTTP answer as a value, and the API's own error bodies.

What lives here: status, headers and body of one answer. What does not: how it is sent (``server``).
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

import msgspec

JSON = "application/json"
GENERATED = {"X-Generated-Data": "sandbox"}
"""In every answer: whoever reads it can tell it from the real API, and no real answer from this one."""


@dataclass(frozen=True)
class Answer:
    """One answer, ready to send.

    :param status: HTTP status.
    :param body: the exact bytes; empty for none.
    :param headers: beyond Content-Length, which the server adds.
    """

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def json(cls, status: int, value: Any, headers: dict[str, str] | None = None) -> Answer:
        """Return an answer whose body is compact JSON."""
        return cls(status, msgspec.json.encode(value), {"Content-Type": JSON} | (headers or {}))


class ApiError(Exception):
    """A request that the API refuses.

    :param message: the French text of the answer.
    :param status: HTTP status, 400 in nearly all cases.
    """

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.message = message
        self.status = status

    def answer(self) -> Answer:
        """Return the three keys that the API gives; ``codeErreur`` is its clock in milliseconds."""
        code = str(time.time_ns() // 1_000_000)
        return Answer.json(
            self.status, {"codeErreur": code, "codeHttp": self.status, "message": self.message}
        )
