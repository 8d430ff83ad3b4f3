"""The bucket of the data lake: reached, there, writable, encrypted, versioned, private."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from jobmarket.airflow.connections import AWS_CONN_ID, open_lake
from jobmarket.airflow.doctor.line import Check, NotSeen, lines_of
from jobmarket.foundation.errors import AccessDenied, ConfigurationError
from jobmarket.foundation.http.address import is_exposed, is_on_a_laptop
from jobmarket.foundation.lake import inspection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jobmarket.airflow.doctor.clock import Clocks
    from jobmarket.airflow.doctor.line import Line
    from jobmarket.foundation.lake.store import Lake

ATTEMPTS = 2


def lake_lines(clocks: Clocks) -> list[Line]:
    """Return the lines of the bucket.

    :param clocks: is told what time S3 has.
    """
    return lines_of("bucket", _checks(clocks))


def _checks(clocks: Clocks) -> Iterator[Check]:
    found: dict[str, Lake] = {}

    def reach() -> str:
        found["lake"] = lake = open_lake(attempts=ATTEMPTS)
        url = lake.client.meta.endpoint_url
        return f"{lake.bucket} at {urlsplit(url).hostname}"

    def is_there() -> str:
        with clocks.asking("S3") as clock:
            clock.told = inspection.server_time(found["lake"])
        return "it is there, and this account may list it"

    yield Check("connection", reach, is_gate=True)
    lake: Any = found.get("lake")
    url = lake.client.meta.endpoint_url if lake else ""
    is_stand_in = bool(lake) and is_on_a_laptop(urlsplit(url).hostname)
    yield Check("https", partial(_require_https, url), is_excused=is_stand_in)
    yield Check("there", is_there, is_gate=True)
    yield Check("writable", partial(_done, inspection.require_writable, lake, _WRITTEN))
    for name, right, look, good in _LOOKS:
        yield Check(name, partial(_looked_at, look, lake, right, good), is_excused=is_stand_in)
    yield Check("private", partial(_done, inspection.require_private, lake, _PRIVATE))


_WRITTEN = "objects are written under raw/ and reports/, read, and deleted under reports/"
_PRIVATE = "nobody is answered without an account"
# what needs a right that no task needs
_LOOKS: tuple[tuple[str, str, Callable[[Lake], str | None], str], ...] = (
    (
        "encrypted",
        "s3:GetEncryptionConfiguration",
        inspection.encryption,
        "by default: ",
    ),
    (
        "versioned",
        "s3:GetBucketVersioning",
        inspection.require_versioned,
        "older versions are kept",
    ),
    (
        "public access blocked",
        "s3:GetBucketPublicAccessBlock",
        inspection.require_public_access_blocked,
        "all four blocks are set",
    ),
)


def _require_https(url: str) -> str:
    if is_exposed(url):
        raise ConfigurationError(
            f"The connection {AWS_CONN_ID} reaches S3 over plain http: begin the endpoint_url of its extra "
            "with https://, or leave it out for Amazon S3."
        )
    return "what is read and written travels encrypted"


def _done(look: Callable[[Lake], None], lake: Lake, good: str) -> str:
    look(lake)
    return good


def _looked_at(look: Callable[[Lake], str | None], lake: Lake, right: str, good: str) -> str:
    try:
        return f"{good}{look(lake) or ''}"
    except AccessDenied:
        raise NotSeen(f"this account may not look: grant it {right} to have it looked at") from None
