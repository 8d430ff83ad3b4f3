"""All questions in their order, and what came of them as Markdown and JSON.

What does not live here: where the files are written (``jobmarket.airflow.doctor``).
"""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

import msgspec

from jobmarket.foundation.errors import RetryableError
from jobmarket.sources.france_travail.evidence import access, content, dates, paging, steadiness
from jobmarket.sources.france_travail.evidence.finding import found
from jobmarket.sources.france_travail.evidence.inquiry import NoMoreQuestions

if TYPE_CHECKING:
    from datetime import datetime

    from jobmarket.sources.france_travail.evidence.finding import Finding
    from jobmarket.sources.france_travail.evidence.inquiry import Inquiry

KINDS = (access, paging, dates, content, steadiness)


class Record(NamedTuple):
    """What came of an inquiry.

    :param asked_at: its begin.
    :param host: of the API.
    :param day: whose offers were asked for.
    """

    asked_at: datetime
    host: str
    day: str
    requests: int
    findings: list[Finding]

    @property
    def differing(self) -> list[Finding]:
        """What is not as assumed."""
        return [one for one in self.findings if one.verdict == "differs"]


def inquire(api: Inquiry) -> Record:
    """Ask everything; a kind of questions that breaks off says so, and those behind it are asked."""
    findings: list[Finding] = []
    for kind in KINDS:
        name = kind.__name__.rsplit(".", 1)[1]
        try:
            findings.extend(kind.ask(api))
        except NoMoreQuestions:
            met = f"{api.requests} requests were spent before"
            findings.append(found(f"rest of {name}", "it can be asked", met, None))
        except RetryableError as error:
            findings.append(found(f"rest of {name}", "it can be asked", error, False))
    host = urlsplit(api.settings.base_url).hostname or ""
    return Record(api.now.astimezone(UTC), host, api.day, api.requests, findings)


def as_json(record: Record) -> bytes:
    """Return the record as JSON, for a program."""
    written: dict[str, Any] = {
        **record._asdict(),
        "asked_at": record.asked_at.isoformat(timespec="seconds"),
        "findings": [one._asdict() for one in record.findings],
    }
    return msgspec.json.format(msgspec.json.encode(written))


def as_markdown(record: Record) -> str:
    """Return the record as Markdown, for a person; what differs stands first."""
    when = record.asked_at.strftime("%Y-%m-%d %H:%M UTC")
    lines = [
        f"# How {record.host} answers what is assumed of it",
        "",
        (
            f"Asked on {when} in {record.requests} requests, about the offers of {record.day}: "
            f"{len(record.differing)} of {len(record.findings)} assumptions differ."
        ),
        "",
        "| assumption | | assumed | met | to change where it differs |",
        "|---|---|---|---|---|",
    ]
    order = ("differs", "not seen", "as assumed")
    for one in sorted(record.findings, key=lambda one: order.index(one.verdict)):
        verdict = f"**{one.verdict}**" if one.verdict == "differs" else one.verdict
        cells = (one.name, verdict, one.assumed, one.met, one.where)
        lines.append(f"| {' | '.join(_cell(cell) for cell in cells)} |")
    return "\n".join([*lines, ""])


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")
