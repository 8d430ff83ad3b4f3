"""The data lake: how raw pages, manifests and reports are written to S3 and read back.

What does not live here: the calls of S3 (``bucket``), where each object lies and what it says of itself
(``layout``), the shapes of manifest and certificate (``manifest``), what a page means (``sources``).
"""

from __future__ import annotations

import hashlib
import logging
import mimetypes
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import msgspec
import zstandard

from jobmarket.foundation.errors import AccessDenied, ConfigurationError, PermanentError
from jobmarket.foundation.known_secrets import redacted
from jobmarket.foundation.lake.bucket import CALLERS, Bucket
from jobmarket.foundation.lake.errors import translated
from jobmarket.foundation.lake.layout import (
    Scope,
    is_manifest,
    is_page,
    manifest_key,
    metadata_of,
    page_of,
    run_id_of,
    run_prefix,
    scope_of,
    unproved_attempt_of,
    unproved_key,
)
from jobmarket.foundation.lake.manifest import Certificate, Manifest, Page, require_sound
from jobmarket.foundation.lake.standing import manifest_for_day

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import datetime

log = logging.getLogger(__name__)

ZSTD_LEVEL = 3
LARGEST_BODY_BYTES = 64 * 1024 * 1024
"""A page of 150 offers is about 0.7 MB; whatever unpacks to more than this is not ours."""

_MEDIA_TYPES = mimetypes.MimeTypes()
_MEDIA_TYPES.add_type("application/vnd.apache.parquet", ".parquet")  # unknown to older systems

PREFETCH = 8
"""Pages read ahead of the one in hand: some 5 MB."""


class _LandedPages:
    """Pages that can be gone through more than once: a load that meets another begins anew."""

    def __init__(self, read: Callable[[], Iterator[tuple[Page, bytes]]]) -> None:
        self._read = read

    def __iter__(self) -> Iterator[tuple[Page, bytes]]:
        return self._read()


class Lake(Bucket):
    """A bucket of pages, manifests and reports.

    Every method raises :class:`LakeUnavailable`, :class:`AccessDenied` or :class:`ConfigurationError`
    where S3 does not answer, refuses, or has no such bucket.
    """

    def put_page(self, page: Page, body: bytes, *, is_sample: bool = False) -> bool:
        """Write a page under its key, never over another one.

        :param body: the bytes received, not compressed.
        :param is_sample: the run is a sample, not to be continued as a whole one.
        :return: whether the page is there now; ``False`` if the key holds another page.
        """
        packed = zstandard.ZstdCompressor(level=ZSTD_LEVEL, write_checksum=True).compress(body)
        with translated(self.bucket, page.key, accept={"PreconditionFailed"}) as met:
            self._s3.put_object(
                Bucket=self.bucket,
                Key=page.key,
                Body=packed,
                IfNoneMatch="*",
                ContentType="application/zstd",
                Metadata=metadata_of(page, is_sample=is_sample),
            )
        # refused because it is there: by us, if the answer to a first try of this call was lost
        if not met.accepted:
            return True
        there = self._head_page(page.key)
        return there is not None and there[0] == page

    def run_pages(self, scope: Scope, run_id: str) -> list[Page]:
        """Return the pages that a run has landed, in the order of their keys.

        Objects beside them that are none of ours are passed over, and named in the log.
        """
        keys: list[str] = []
        foreign: list[str] = []
        for key, _ in self._list(run_prefix(scope, run_id)):
            (keys if is_page(key) else foreign).append(key)
        with ThreadPoolExecutor(CALLERS) as pool:
            heads = dict(zip(keys, pool.map(self._head_page, keys), strict=True))
        foreign = [key for key in foreign if not is_manifest(key) and not unproved_attempt_of(key)]
        foreign += [key for key, head in heads.items() if head is None]
        if foreign:
            log.warning(
                "Passed over %d objects that are no pages of ours under %s, such as %s",
                len(foreign),
                self.uri(run_prefix(scope, run_id)),
                foreign[0],
            )
        return [head[0] for key, head in sorted(heads.items()) if head]

    def read_unproved(self, scope: Scope, run_id: str) -> list[tuple[str, Certificate | None]]:
        """Return the attempts of a run that ended without a proof: when each started, its certificate.

        ``None`` stands for a certificate that this version does not read; it is named in the log.
        """
        found: list[tuple[str, Certificate | None]] = []
        for key, _ in self._list(run_prefix(scope, run_id)):
            if attempt_at := unproved_attempt_of(key):
                certificate = None
                try:
                    certificate = msgspec.json.decode(self._read(key), type=Certificate)
                except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as exc:
                    log.warning("%s is no certificate (%s)", self.uri(key), redacted(exc))
                found.append((attempt_at, certificate))
        return found

    def write_unproved(self, manifest: Manifest, attempt_at: str) -> str:
        """Write the certificate of an attempt that ended without a proof and return its key."""
        key = unproved_key(scope_of(manifest), manifest.run_id, attempt_at)
        body = msgspec.json.format(msgspec.json.encode(manifest.certificate))
        self._put(key, body, "application/json")
        return key

    def find_manifests(self, scope: Scope) -> list[str]:
        """Return the keys of the manifests of a scope, the newest last."""
        found = [(when, key) for key, when in self._list(scope.prefix) if is_manifest(key)]
        return [key for _, key in sorted(found)]

    def manifest_of(self, scope: Scope) -> Manifest | None:
        """Return the manifest that stands for a scope, as ``standing`` tells; ``None`` if there is none.

        Of a run that was copied for replay and whose pages as received are still there, these.

        A manifest that this version does not read is passed over, and named in the log.
        """
        manifests = []
        for key in [
            *self.find_manifests(scope),
            *self.find_manifests(scope._replace(is_copy=True)),
        ]:
            try:
                manifests.append(self.read_manifest(key))
            except (AccessDenied, ConfigurationError):
                raise  # S3 refuses: what the manifest says is not known, and the day not open
            except PermanentError as exc:
                log.warning("Passed over: %s", exc)
        return manifest_for_day(manifests)

    def open_run(self, scope: Scope) -> str | None:
        """Return the id of the newest run of a scope that landed pages but no manifest, samples left out."""
        pages: dict[str, list[tuple[Any, str]]] = {}
        finished: set[str] = set()
        for key, when in self._list(scope.prefix):
            if is_manifest(key):
                finished.add(run_id_of(key))
            elif is_page(key):
                pages.setdefault(run_id_of(key), []).append((when, key))
        unfinished = [(max(pages[run_id]), run_id) for run_id in pages.keys() - finished]
        for _, run_id in sorted(unfinished, reverse=True):
            heads = (self._head_page(key) for _, key in sorted(pages[run_id], reverse=True))
            head = next(filter(None, heads), None)  # what is none of ours says nothing
            if head and not head[1]:
                return run_id
        return None

    def read_manifest(self, key: str) -> Manifest:
        """Read a manifest; raise :class:`ConfigurationError` if there is none under this key.

        Raise :class:`PermanentError` if this version does not read it, or if it contradicts itself.
        """
        body = self._read(key)
        try:
            manifest = msgspec.json.decode(body, type=Manifest)
            require_sound(manifest)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError) as exc:
            raise PermanentError(
                f"{self.uri(key)} is not a manifest that this version reads ({redacted(exc)}): "
                f"run the day again with force."
            ) from None
        return manifest

    def write_manifest(self, manifest: Manifest) -> str:
        """Write the manifest of a run and return its key."""
        key = manifest_key(scope_of(manifest), manifest.run_id)
        self._put(key, msgspec.json.format(msgspec.json.encode(manifest)), "application/json")
        return key

    def read_page(self, page: Page) -> bytes:
        """Return the body of a page as it was received.

        Raise :class:`PermanentError` if it is not the body that was landed.
        """
        packed = self._read(page.key)
        try:
            with zstandard.ZstdDecompressor().stream_reader(packed) as reader:
                body = reader.read(LARGEST_BODY_BYTES)
        except zstandard.ZstdError:
            body = b""
        if hashlib.sha256(body).hexdigest() != page.sha256:
            raise PermanentError(
                f"{self.uri(page.key)} does not hold the {page.body_bytes} bytes that were landed "
                f"(sha256 differs): it was changed or damaged since; run the day again with force."
            )
        return body

    def iter_pages(self, manifest: Manifest) -> Iterable[tuple[Page, bytes]]:
        """Return the pages of a run with their bodies, in order, a few read ahead; again, if asked again."""
        return _LandedPages(lambda: self._iter_pages(manifest))

    def _iter_pages(self, manifest: Manifest) -> Iterator[tuple[Page, bytes]]:
        ahead: deque[Any] = deque()
        with ThreadPoolExecutor(PREFETCH) as pool:
            try:
                for page in manifest.pages:
                    ahead.append((page, pool.submit(self.read_page, page)))
                    if len(ahead) > PREFETCH:
                        first, body = ahead.popleft()
                        yield first, body.result()
                for first, body in ahead:
                    yield first, body.result()
            finally:
                pool.shutdown(wait=False, cancel_futures=True)

    def put_report(self, prefix: str, files: Mapping[str, bytes]) -> None:
        """Write the files of a report, by their path below the prefix; its page last.

        What an earlier report left there and this one has not is deleted: it would stand beside a page that
        says otherwise.
        """
        for name in sorted(files, key=lambda name: (name == "index.html", name)):
            kind = _MEDIA_TYPES.guess_type(name)[0] or "application/octet-stream"
            is_text = kind.startswith("text/")
            self._put(f"{prefix}{name}", files[name], f"{kind}; charset=utf-8" if is_text else kind)
        for name in sorted(set(self.report_files(prefix)) - files.keys()):
            self._delete(f"{prefix}{name}")

    def report_prefixes(self, start: str) -> list[str]:
        """Return the prefixes of reports that begin so, in their order."""
        with translated(self.bucket, start):
            pages = self._s3.get_paginator("list_objects_v2").paginate(
                Bucket=self.bucket, Prefix=start, Delimiter="/"
            )
            return [item["Prefix"] for page in pages for item in page.get("CommonPrefixes", [])]

    def report_files(self, prefix: str) -> list[str]:
        """Return the files of a report, by their path below the prefix; none if there is no report."""
        return [key.removeprefix(prefix) for key, _ in self._list(prefix)]

    def read_report(self, key: str) -> bytes | None:
        """Return a file of a report, ``None`` if it is not there."""
        with translated(self.bucket, key, accept={"NoSuchKey"}):
            return self._s3.get_object(Bucket=self.bucket, Key=key)["Body"].read()
        return None

    def put_report_page(self, prefix: str, page: bytes) -> None:
        """Write the page of a report anew, and leave the files beside it."""
        self._put(f"{prefix}index.html", page, "text/html; charset=utf-8")

    def report_written_at(self, prefix: str) -> datetime | None:
        """Return when the page of a report was written; ``None`` if there is none."""
        key = f"{prefix}index.html"
        return self.written_at(key).get(key)

    def _head_page(self, key: str) -> tuple[Page, bool] | None:
        """Return a page and whether its run is a sample; ``None`` if its object does not say what it is."""
        with translated(self.bucket, key):
            metadata = self._s3.head_object(Bucket=self.bucket, Key=key)["Metadata"]
        try:
            return page_of(key, metadata)
        except ValueError:
            return None
