"""An S3 in memory with the calls that a lake makes: for thousands of runs."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from threading import Lock
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_EPOCH = datetime(2026, 11, 19, tzinfo=UTC)


class MemoryS3:
    """What boto3's client does for one bucket."""

    def __init__(self) -> None:
        self.meta = SimpleNamespace(region_name="us-east-1")
        self._objects: dict[str, tuple[bytes, dict[str, str], datetime]] = {}
        self._writes = 0
        self._lock = Lock()

    def head_bucket(self, **_: Any) -> None:
        return None

    def put_object(self, **call: Any) -> dict[str, Any]:
        body = call["Body"]
        with self._lock:
            if call.get("IfNoneMatch") == "*" and call["Key"] in self._objects:
                raise _refusal("PreconditionFailed", 412)
            self._writes += 1
            self._objects[call["Key"]] = (
                body if isinstance(body, bytes) else body.read(),
                call.get("Metadata", {}),
                _EPOCH + timedelta(seconds=self._writes),
            )
        return {}

    def get_object(self, **call: Any) -> dict[str, Any]:
        body, metadata, _ = self._found(call["Key"])
        return {"Body": io.BytesIO(body), "Metadata": metadata, "ContentLength": len(body)}

    def head_object(self, **call: Any) -> dict[str, Any]:
        body, metadata, when = self._found(call["Key"])
        return {"Metadata": metadata, "ContentLength": len(body), "LastModified": when}

    def delete_object(self, **call: Any) -> None:
        self._objects.pop(call["Key"], None)

    def get_paginator(self, name: str) -> Any:
        assert name == "list_objects_v2"
        return SimpleNamespace(paginate=self._listed)

    def _listed(self, **call: Any) -> Iterator[dict[str, Any]]:
        with self._lock:  # a thread of a run that was killed may still be landing its page
            found = sorted(self._objects.items())
        yield {
            "Contents": [
                {"Key": key, "LastModified": when, "Size": len(body)}
                for key, (body, _, when) in found
                if key.startswith(call["Prefix"])
            ]
        }

    def _found(self, key: str) -> tuple[bytes, dict[str, str], datetime]:
        if key not in self._objects:
            raise _refusal("NoSuchKey", 404)
        return self._objects[key]


def _refusal(code: str, status: int) -> Exception:
    from botocore.exceptions import ClientError

    return ClientError(
        {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}},  # type: ignore[typeddict-item]
        "call",
    )
