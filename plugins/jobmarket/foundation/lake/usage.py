"""How often a client asked S3, and how many bytes went each way: what its bill is made of.

Counted as the requests are sent, repeated ones included, since each is paid for. What they cost: ``receipt``.
"""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_READS = ("GET", "HEAD")


class LakeUsage:
    """Counts what a client sends, from any thread.

    ``writes`` are requests that S3 prices as such (PUT, POST, and LIST, which is a GET), ``reads`` the others
    that it asks money for (GET, HEAD); ``written_bytes`` and ``read_bytes`` those of bodies.
    """

    def __init__(self) -> None:
        self.writes = self.reads = self.written_bytes = self.read_bytes = 0
        self._lock = Lock()

    def listen(self, client: S3Client) -> None:
        """Count what this client does from now on."""
        events = client.meta.events
        events.register("before-send.s3", self._sent)
        events.register("after-call.s3.GetObject", self._received)

    def _sent(self, request: Any, event_name: str, **_: Any) -> None:
        is_list = ".List" in event_name
        size = int(request.headers.get("Content-Length", 0))
        with self._lock:
            if request.method in _READS and not is_list:
                self.reads += 1
            elif request.method != "DELETE":
                self.writes += 1
            self.written_bytes += size

    def _received(self, parsed: dict[str, Any], **_: Any) -> None:
        with self._lock:
            self.read_bytes += int(parsed.get("ContentLength", 0))
