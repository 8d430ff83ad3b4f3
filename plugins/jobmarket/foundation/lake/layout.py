"""How the lake is laid out: the S3 keys, and what a page's object says about the page. Pure.

::

    raw/france_travail/offers/day=2026-11-18/run=<run id>/page-00001.json.zst   exact body, zstd level 3
                                                         /manifest.json         written last
                                                         /unproved-<attempt>.json   why it has no proof
    raw/<source>/inventory/day=…                                                all that was live on a day
                                /run=<run id>/absences-00001.json               of offers asked one by one
    raw/<source>/searches/<name>/day=…                                          a named search on a day
    replay/<source>/…                                                           the same, as replay copies
    reports/france_travail/day=2026-11-18/index.html, figures/*.png, *.svg, tables/*.csv
                          /samples/day=2026-11-18/…                             of a sample run
                          /week=2026-W47/…                                      of an ISO week
                          /month=2026-11/…                                      of a month
    alarms/<kind>/<source>/<group>                                              that an alarm was told

A page object is immutable and carries its own query, Content-Range, status and checksum as S3 metadata,
so that a run that was killed before its manifest can be continued from what has landed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from jobmarket.foundation.lake.manifest import Page, ScopeKind

if TYPE_CHECKING:
    from jobmarket.foundation.lake.manifest import Manifest
    from jobmarket.foundation.period import Period

_PAGE_KEY = re.compile(r"/run=[^/]+/page-\d{5,9}\.[a-z]{1,8}\.zst$")
_MANIFEST_KEY = re.compile(r"/run=[^/]+/manifest\.json$")
_UNPROVED_KEY = re.compile(r"/run=[^/]+/unproved-([0-9TZ:.-]{20,30})\.json$")
_YES_NO = {True: "yes", False: "no"}


class Scope(NamedTuple):
    """What a run collects.

    :param source: its name.
    :param day: ``YYYY-MM-DD``: of a day the day itself, otherwise when the run looks.
    :param kind: ``day``: the offers created on it; ``stock``: all that are live; ``search``: those that a
        named search finds.
    :param search: name of the search, letters, digits and ``-``.
    :param is_copy: where the replay copies of its runs lie, and not what was received.
    """

    source: str
    day: str
    kind: ScopeKind = "day"
    search: str = ""
    is_copy: bool = False

    @property
    def prefix(self) -> str:
        """Return the prefix of all its runs."""
        shelf = {"day": "offers", "stock": "inventory", "search": f"searches/{self.search}"}
        return f"{'replay' if self.is_copy else 'raw'}/{self.source}/{shelf[self.kind]}/day={self.day}/"


def scope_of(manifest: Manifest) -> Scope:
    """Return what the run of a manifest collected."""
    is_copy = bool(manifest.copied_at)
    return Scope(manifest.source, manifest.day, manifest.scope, manifest.search, is_copy)


def run_prefix(scope: Scope, run_id: str) -> str:
    """Return the prefix of one run."""
    return f"{scope.prefix}run={run_id}/"


def page_key(scope: Scope, run_id: str, number: int, form: str = "json") -> str:
    """Return the key of the page with this 1-based number.

    :param form: of the body: ``json``, ``csv``.
    """
    return f"{run_prefix(scope, run_id)}page-{number:05d}.{form}.zst"


def page_number(key: str) -> int:
    """Return the 1-based number of a page."""
    return int(key.rpartition("page-")[2].split(".")[0])


def manifest_key(scope: Scope, run_id: str) -> str:
    """Return the key of a run's manifest."""
    return f"{run_prefix(scope, run_id)}manifest.json"


def unproved_key(scope: Scope, run_id: str, attempt_at: str) -> str:
    """Return the key of the certificate of an attempt that ended without a proof.

    :param attempt_at: when it started, UTC, ISO 8601 with ``Z``.
    """
    return f"{run_prefix(scope, run_id)}unproved-{attempt_at}.json"


def unproved_attempt_of(key: str) -> str | None:
    """Return when the attempt of such a certificate started; ``None`` if a raw object is none."""
    found = _UNPROVED_KEY.search(key)
    return found[1] if found else None


def report_prefix(source: str, day: str, *, is_sample: bool = False) -> str:
    """Return the prefix of a day's report; that of a sample never takes the place of a whole day's."""
    return f"reports/{source}/{'samples/' if is_sample else ''}day={day}/"


def period_report_prefix(source: str, period: Period) -> str:
    """Return the prefix of the report of a week or a month."""
    return f"{report_prefixes_start(source, period.kind)}{period.key}/"


def report_prefixes_start(source: str, kind: str) -> str:
    """Return what the prefixes of all reports of a kind begin with: ``week`` or ``month``."""
    return f"reports/{source}/{kind}="


def run_id_of(key: str) -> str:
    """Return the id of the run that a raw object belongs to."""
    return key.split("/run=", 1)[1].split("/", 1)[0]


def is_page(key: str) -> bool:
    """Tell whether a raw object is a page."""
    return bool(_PAGE_KEY.search(key))


def is_manifest(key: str) -> bool:
    """Tell whether a raw object is a manifest."""
    return bool(_MANIFEST_KEY.search(key))


def metadata_of(page: Page, *, is_sample: bool) -> dict[str, str]:
    """Return what a page's S3 object says about it."""
    return {
        "query": page.query,
        "status": str(page.status),
        "content-range": page.content_range,
        "announced": str(page.announced),
        "offers": str(page.offers),
        "sha256": page.sha256,
        "body-bytes": str(page.body_bytes),
        "received-at": page.received_at,
        "statuses": ",".join(map(str, page.statuses)),
        "attempt-at": page.attempt_at,
        "sample": _YES_NO[is_sample],
        "verifying": _YES_NO[page.is_verifying],
        "broken": _YES_NO[page.is_broken],
        "generated": _YES_NO[page.is_generated],
    }


def page_of(key: str, metadata: dict[str, str]) -> tuple[Page, bool]:
    """Read what a page's S3 object says about it, and whether its run is a sample.

    Raise :class:`ValueError` if it does not say it: it was copied or changed by hand.
    """
    try:
        page = Page(
            key=key,
            query=metadata["query"],
            status=int(metadata["status"]),
            content_range=metadata.get("content-range", ""),
            announced=int(metadata["announced"]),
            offers=int(metadata["offers"]),
            sha256=metadata["sha256"],
            body_bytes=int(metadata["body-bytes"]),
            received_at=metadata["received-at"],
            statuses=[int(status) for status in metadata["statuses"].split(",")],
            attempt_at=metadata["attempt-at"],
            is_verifying=metadata.get("verifying") == "yes",
            is_broken=metadata.get("broken") == "yes",
            is_generated=metadata.get("generated") == "yes",
        )
    except (KeyError, ValueError) as exc:
        raise ValueError(f"{key} has lost what its S3 metadata said about it: {exc}") from None
    return page, metadata.get("sample") == "yes"


def alarm_key(name: str) -> str:
    """Return the key of the mark that an alarm leaves, so that it is told once."""
    return f"alarms/{name}"
