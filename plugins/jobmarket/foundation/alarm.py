"""An alarm: one message to a person, the same whatever carries it. Pure.

What lives here: what an alarm says. What does not: when one is raised (``offers.watch``, ``airflow.alarms``),
how it travels (``airflow.alarms``).
"""

from __future__ import annotations

import hashlib
import html
from typing import Literal, NamedTuple

AlarmKind = Literal["failure", "uncertified", "late", "stale", "drift"]

LONGEST_SUBJECT = 100
"""Characters: SNS takes no more."""


class Alarm(NamedTuple):
    """One message.

    :param kind: what sort of trouble it is.
    :param source: whose days it is about; empty if it is about none.
    :param group: what it is about within kind and source: two alarms of one group are one trouble.
    :param title: a few words, without the source.
    :param happened: one sentence or more: what was expected and what was met.
    :param matters: one sentence: what follows if nobody does anything.
    :param to_do: one sentence.
    :param link: where to look.
    """

    kind: AlarmKind
    source: str
    group: str
    title: str
    happened: str
    matters: str
    to_do: str
    link: str

    @property
    def subject(self) -> str:
        """Return one printable ASCII line."""
        line = " ".join(f"[jobmarket] {self.source} {self.title}".split())
        return line.encode("ascii", "replace").decode()[:LONGEST_SUBJECT]

    @property
    def text(self) -> str:
        """Return the message as plain text."""
        return "\n".join(f"{name}: {said}" for name, said in self._parts()) + "\n"

    @property
    def as_html(self) -> str:
        """Return the message as HTML, everything in it escaped."""
        return "".join(f"<p><b>{name}</b>: {html.escape(said)}</p>" for name, said in self._parts())

    @property
    def as_slack(self) -> str:
        """Return the message as Slack's markup, in which three characters mean something."""
        said = f"{self.subject}\n{self.text}"
        return said.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

    @property
    def key(self) -> str:
        """Return what tells one trouble from another: kind, source, and the group as a hash."""
        digest = hashlib.sha256(self.group.encode()).hexdigest()[:16]
        return f"{self.kind}/{self.source or 'none'}/{digest}"

    def _parts(self) -> tuple[tuple[str, str], ...]:
        return (
            ("What happened", self.happened),
            ("Why it matters", self.matters),
            ("What to do", self.to_do),
            ("Where to look", self.link),
        )
