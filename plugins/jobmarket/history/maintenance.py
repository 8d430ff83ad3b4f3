"""What becomes of old states of the history: snapshots are expired, files that no snapshot names deleted.

pyiceberg expires snapshots in the metadata alone and deletes no file, so this looks which files are named,
lists what lies there, and deletes the rest (https://github.com/apache/iceberg-python/issues/2604). What a
snapshot has named and none names any more goes at once; what none ever named may belong to a commit at work,
and goes when it is old.

What does not live here: the days (``table``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from jobmarket.history.errors import translated

if TYPE_CHECKING:
    from datetime import datetime

    from pyiceberg.table import Table

    from jobmarket.history.table import History


class Maintained(NamedTuple):
    """What was removed."""

    snapshots: int
    files: int
    bytes: int


def maintain(history: History, *, expire_before: datetime, orphan_before: datetime) -> Maintained:
    """Expire snapshots, then delete the files that no snapshot names.

    :param expire_before: instant; snapshots of before it go, but for the current one.
    :param orphan_before: instant; a file that no snapshot has named goes if it was written before it. Later
        than the longest write takes.
    """
    table = history.table()
    with translated():
        before = named_files(table)
        current = table.current_snapshot()
        expired = [
            snapshot.snapshot_id
            for snapshot in table.snapshots()
            if snapshot.timestamp_ms < expire_before.timestamp() * 1000
            and (current is None or snapshot.snapshot_id != current.snapshot_id)
        ]
        if expired:
            table.maintenance.expire_snapshots().by_ids(expired).commit()
        table = history.table()
        named = named_files(table)
        files = size = 0
        for path, written_at, bytes_ in _listed(table):
            if path not in named and (path in before or written_at < orphan_before):
                table.io.delete(path)
                files, size = files + 1, size + bytes_
    return Maintained(len(expired), files, size)


def named_files(table: Table) -> set[str]:
    """Return the addresses of all files that the table or one of its snapshots names."""
    named = {table.metadata_location}
    named |= {entry.metadata_file for entry in table.metadata.metadata_log}
    named |= {statistics.statistics_path for statistics in table.metadata.statistics}
    seen: set[str] = set()
    for snapshot in table.snapshots():
        named.add(snapshot.manifest_list)
        for manifest in snapshot.manifests(table.io):
            if manifest.manifest_path in seen:
                continue
            seen.add(manifest.manifest_path)
            entries = manifest.fetch_manifest_entry(table.io, discard_deleted=False)
            # a manifest also says what its commit took out, which is named only by those that still hold it
            named |= {entry.data_file.file_path for entry in entries if entry.status != _DELETED}
    return named | seen


_DELETED = 2  # ManifestEntryStatus: https://iceberg.apache.org/spec/#manifests


def _listed(table: Table) -> list[tuple[str, datetime, int]]:
    """Return each file below the location of the table: its address, when it was written, its bytes."""
    import pyarrow.fs as arrow_fs

    location = urlsplit(table.location())
    is_local = location.scheme in ("", "file")
    scheme, netloc = location.scheme or "file", location.netloc
    file_system = table.io.fs_by_scheme(scheme, netloc)
    below = location.path if is_local else f"{netloc}{location.path}"
    selector = arrow_fs.FileSelector(below, recursive=True, allow_not_found=True)
    prefix = table.location().removesuffix(location.path) if is_local else f"{scheme}://"
    return [
        (f"{prefix}{found.path}", found.mtime, found.size)
        for found in file_system.get_file_info(selector)
        if found.type == arrow_fs.FileType.File
    ]
