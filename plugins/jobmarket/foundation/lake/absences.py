"""What the source said of offers that a sweep misses, asked for one by one: kept beside the sweep.

What lives here: the shape, and how it is written and read. What does not: which offers are asked for and what
follows (``offers.life``), asking (``sources``).

::

    raw/<source>/inventory/day=…/run=…/absences-00001.json   answers of one batch, written when all have come

A task that was killed asks only for the rest; a replay from raw asks for nothing. It holds ids and no offer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from jobmarket.foundation.lake.layout import run_prefix, scope_of

if TYPE_CHECKING:
    from jobmarket.foundation.lake.manifest import Manifest
    from jobmarket.foundation.lake.store import Lake

_NAME = "absences-"


class Absences(Struct, frozen=True, kw_only=True):
    """The answers of a batch.

    :param asked_at: UTC instant of its last answer, ISO 8601 with ``Z``.
    :param alive: ids that the source still gives.
    :param gone: ids that it answers to with 204.
    :param unanswered: ids of which it said nothing usable.
    :param wavering: ids of ``alive`` that it called gone a moment before.
    """

    asked_at: str
    alive: list[str]
    gone: list[str]
    unanswered: list[str] = []
    wavering: list[str] = []


def read_absences(lake: Lake, manifest: Manifest) -> Absences:
    """Return all answers that were kept beside a sweep; none if there are none.

    An offer that was alive in one of them is not gone, and one that was answered for is not unanswered.
    """
    prefix = f"{run_prefix(scope_of(manifest), manifest.run_id)}{_NAME}"
    batches = [
        msgspec.json.decode(lake.read_report(key) or b"", type=Absences)
        for key in lake.keys(prefix)
    ]
    alive, gone, unanswered, wavering = (
        {one for batch in batches for one in getattr(batch, name)}
        for name in ("alive", "gone", "unanswered", "wavering")
    )
    return Absences(
        asked_at=max((batch.asked_at for batch in batches), default=""),
        alive=sorted(alive),
        gone=sorted(gone - alive),
        unanswered=sorted(unanswered - alive - gone),
        wavering=sorted(wavering),
    )


def write_absences(lake: Lake, manifest: Manifest, answers: Absences) -> str:
    """Keep the answers of a batch beside a sweep, under the next free number; return their key."""
    prefix = f"{run_prefix(scope_of(manifest), manifest.run_id)}{_NAME}"
    key = f"{prefix}{len(lake.keys(prefix)) + 1:05d}.json"
    lake.put_json(key, msgspec.json.encode(answers))
    return key
