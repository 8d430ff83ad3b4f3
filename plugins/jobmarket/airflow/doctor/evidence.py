"""How France Travail answers what is assumed of it: asked through its connection, and written to files.

What does not live here: what is asked (``sources.france_travail.evidence``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobmarket.airflow.connections import remember_connection
from jobmarket.airflow.source_hook import SourceHook
from jobmarket.sources.france_travail.client.settings import client_settings
from jobmarket.sources.france_travail.evidence.inquiry import Inquiry
from jobmarket.sources.france_travail.evidence.record import as_json, as_markdown, inquire

if TYPE_CHECKING:
    from pathlib import Path

    from jobmarket.sources.france_travail.evidence.record import Record


def write_evidence(directory: Path) -> tuple[Record, Path]:
    """Ask, and write a Markdown file and a JSON file beside it; return the record and the first one's path.

    Raise what a client raises that gets no token.
    """
    hook = SourceHook("france_travail")
    connection = hook.get_connection(hook.source_conn_id)
    remember_connection(connection)
    api = Inquiry(client_settings(connection, hook.source_conn_id))
    try:
        record = inquire(api)
    finally:
        api.close()
    directory.mkdir(parents=True, exist_ok=True)
    file = directory / f"france-travail-{record.asked_at:%Y-%m-%dT%H%M%SZ}.md"
    file.write_text(as_markdown(record), encoding="utf-8")
    file.with_suffix(".json").write_bytes(as_json(record))
    return record, file
