"""One bucket: objects written, read, listed and deleted, S3's errors told as ours.

What lives here knows keys and bytes. What they mean is in ``store``.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from jobmarket.foundation.errors import ConfigurationError
from jobmarket.foundation.lake.errors import translated

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import timedelta

    from mypy_boto3_s3 import S3Client

    from jobmarket.foundation.lake.usage import LakeUsage

CALLERS = 32
"""Threads that ask about many objects at once."""


class Bucket:
    """One bucket.

    :param client: a boto3 S3 client; its config bounds time-outs and retries.
    :param bucket: name.
    :param usage: what counts the calls of the client, if anything does.

    Every method raises :class:`LakeUnavailable`, :class:`AccessDenied` or :class:`ConfigurationError`
    where S3 does not answer, refuses, or has no such bucket.
    """

    def __init__(self, client: S3Client, bucket: str, usage: LakeUsage | None = None) -> None:
        self._s3 = client
        self.usage = usage
        self.bucket = bucket

    @property
    def client(self) -> S3Client:
        """Return the boto3 client: for who looks at the bucket itself."""
        return self._s3

    def ensure_bucket(self) -> None:
        """Create the bucket if it does not exist."""
        try:
            with translated(self.bucket):
                self._s3.head_bucket(Bucket=self.bucket)
        except ConfigurationError:
            with translated(self.bucket, accept={"BucketAlreadyOwnedByYou"}):
                self._s3.create_bucket(Bucket=self.bucket, **self._location())

    def uri(self, key: str) -> str:
        """Return the address of an object, for a person."""
        return f"s3://{self.bucket}/{key}"

    def put_json(self, key: str, body: bytes) -> None:
        """Write a JSON object."""
        self._put(key, body, "application/json")

    def put_mark(self, key: str, body: bytes, *, lasts: timedelta) -> bool:
        """Write a small object that only one of many can write; return whether it was this one.

        :param lasts: an older one may be written anew.
        """
        with translated(self.bucket, key, accept={"PreconditionFailed"}) as met:
            self._s3.put_object(Bucket=self.bucket, Key=key, Body=body, IfNoneMatch="*")
        if not met.accepted:
            return True
        there = self.written_at(key).get(key)
        if there is None or datetime.now(UTC) - there < lasts:
            return False
        self._put(key, body, "text/plain; charset=utf-8")
        return True

    def written_at(self, prefix: str) -> dict[str, datetime]:
        """Return when each object below a prefix was written, by its key."""
        return dict(self._list(prefix))

    def keys(self, prefix: str) -> list[str]:
        """Return the keys of all objects below a prefix."""
        return [key for key, _ in self._list(prefix)]

    def delete_all(self, keys: Iterable[str]) -> None:
        """Delete objects; one that is not there is as good as deleted."""
        with ThreadPoolExecutor(CALLERS) as pool:
            list(pool.map(self._delete, keys))

    def _location(self) -> dict[str, Any]:
        region = self._s3.meta.region_name
        if region in (None, "us-east-1"):  # the one region that S3 does not want to be told
            return {}
        return {"CreateBucketConfiguration": {"LocationConstraint": region}}

    def _put(self, key: str, body: bytes, content_type: str) -> None:
        with translated(self.bucket, key):
            self._s3.put_object(Bucket=self.bucket, Key=key, Body=body, ContentType=content_type)

    def _delete(self, key: str) -> None:
        with translated(self.bucket, key):
            self._s3.delete_object(Bucket=self.bucket, Key=key)

    def _read(self, key: str) -> bytes:
        with translated(self.bucket, key):
            return self._s3.get_object(Bucket=self.bucket, Key=key)["Body"].read()

    def _list(self, prefix: str) -> Iterator[tuple[str, Any]]:
        with translated(self.bucket, prefix):
            pages = self._s3.get_paginator("list_objects_v2").paginate(
                Bucket=self.bucket, Prefix=prefix
            )
            for answer in pages:
                for item in answer.get("Contents", []):
                    yield item["Key"], item["LastModified"]
