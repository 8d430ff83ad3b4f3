"""How long what was received is kept: then only its replay copy is left.

What lives here: which runs are due, the order in which a copy takes the place of pages. What does not: what a
page of a copy holds (the caller gives it), the setting (``airflow.retention_operator``).

The copy is written whole, then its manifest, then what was received is deleted: a task that was killed begins
the run anew, and there is never neither. A lifecycle rule of the bucket on ``raw/`` may delete, too, a day or
more after the copy is due; it must not touch ``replay/``.
"""

from __future__ import annotations

import hashlib
import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from msgspec import structs

from jobmarket.foundation.lake.layout import is_manifest, page_key, page_number, scope_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from jobmarket.foundation.lake.manifest import Manifest, Page
    from jobmarket.foundation.lake.store import Lake

AHEAD_DAYS = 2
"""Days before the end of the retention at which runs are copied: two nights may fail."""

COPY_FORM = "copy"
_RUN = re.compile(r"^(raw/[^/]+/(?:[^/]+/)+day=(\d{4}-\d\d-\d\d)/run=[^/]+/)")


def runs_due(lake: Lake, source: str, now: datetime, retention_days: int) -> dict[str, list[str]]:
    """Return the runs of a source that may be kept as received no longer: prefix -> its keys.

    A run counts from the day that it is about.

    :param now: with its zone.
    """
    latest = (now - timedelta(days=retention_days - AHEAD_DAYS)).date().isoformat()
    due: dict[str, list[str]] = {}
    for key in lake.keys(f"raw/{source}/"):
        found = _RUN.match(key)
        if found and found[2] <= latest:
            due.setdefault(found[1], []).append(key)
    return due


def copy_run(
    lake: Lake, keys: list[str], copied: Callable[[Page, bytes], bytes], copied_at: str
) -> Manifest | None:
    """Put a replay copy in the place of what a run landed; return its manifest.

    ``None`` if the run has no manifest: it was given up, nothing rests on it, and it is deleted.

    :param keys: of all objects of the run.
    :param copied: returns the body of a page in the copy.
    :param copied_at: UTC instant, ISO 8601 with ``Z``.
    """
    manifest_key = next(filter(is_manifest, keys), None)
    copy = None
    if manifest_key:
        manifest = lake.read_manifest(manifest_key)
        copy = structs.replace(manifest, copied_at=copied_at, pages=[])
        scope = scope_of(copy)
        # of an attempt that was killed
        lake.delete_all(lake.keys(f"{scope.prefix}run={manifest.run_id}/"))
        pages = []
        for page, body in lake.iter_pages(manifest):
            if not page.offers and not page.is_broken:
                continue  # it holds nothing to be read
            packed = copied(page, body)
            made = structs.replace(
                page,
                key=page_key(scope, manifest.run_id, page_number(page.key), COPY_FORM),
                sha256=hashlib.sha256(packed).hexdigest(),
                body_bytes=len(packed),
            )
            lake.put_page(made, packed, is_sample=manifest.is_sample)
            pages.append(made)
        copy = structs.replace(copy, pages=pages)
        for key in keys:  # what the source said of absences holds ids only
            if "/absences-" in key:
                lake.put_json(key.replace("raw/", "replay/", 1), lake.read_report(key) or b"")
        lake.write_manifest(copy)
    lake.delete_all(sorted(keys, key=is_manifest))
    return copy
