"""Who asks the Adzuna stand-in, how many at once, and what goes wrong on the way.

What lives here: the account, concurrency, faults, ads that come and go while they are read, and
``/_sandbox/adzuna/``, which the real API does not have::

    GET    /_sandbox/adzuna/ids?day=2026-11-18   the truth: ids of live ads created on that Paris day
    GET    /_sandbox/adzuna/requests             the last requests, oldest first
    DELETE /_sandbox/adzuna/requests             forget them, and the counts
    GET    /_sandbox/adzuna/stats                counts by status, most requests in any second
    GET    /_sandbox/adzuna/faults               the misbehaviours in force
    PUT    /_sandbox/adzuna/faults               change some: a JSON object of ``AdzunaFaults`` fields

What does not: what matches (``search``), sending (``sandbox.server``).
"""

from __future__ import annotations

import re
import secrets
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from sandbox.adzuna.ad import CLASS
from sandbox.adzuna.search import RefusedError, find
from sandbox.adzuna.stock import EPOCH, FIRST_ID, Stock, joined, stock_at, stock_of
from sandbox.answers import Answer
from sandbox.faults import Misbehaviour, misbehaviour
from sandbox.journal import Journal
from sandbox.settings import PARIS

if TYPE_CHECKING:
    from sandbox.api import Request
    from sandbox.settings import Settings

ROOT = "/v1/api/"
CONTROL = "/_sandbox/adzuna/"
_SEARCH = re.compile(rf"{ROOT}jobs/fr/search/([^/]*)")
_FIRST_ARRIVAL = FIRST_ID + 4_000_000_000  # ids above all of the stock


class Desk:
    """One stand-in at work.

    :param settings: of the sandbox: its ``adzuna``, seed and clock.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings.adzuna
        self.faults = settings.adzuna.faults
        self.journal = Journal()
        self.at_once = 0
        self._sandbox = settings
        self._searches = 0
        self._kept: tuple[datetime, Stock] | None = None

    def answer(self, request: Request) -> tuple[Answer, Misbehaviour]:
        """Answer a request of those that are being answered now (``at_once``), and say how it goes wrong."""
        if self.at_once > self.settings.most_at_once:
            return Answer(429), Misbehaviour()
        found = _SEARCH.fullmatch(request.path)
        if request.method != "GET" or not found:
            return Answer(404 if request.method == "GET" else 405), Misbehaviour()
        try:
            self._require_account(request.parameters)
            self._searches += 1
            answer = self._search(found[1], request.parameters)
        except RefusedError as refused:
            return refused.answer(), Misbehaviour()
        fault = self._fault()
        return fault.answer or answer, fault

    def ids(self, day: date) -> list[str]:
        """Return the ids of the ads live now that were created on a day, Europe/Paris."""
        start, end = (
            datetime.combine(one, datetime.min.time(), PARIS) for one in (day, day + timedelta(1))
        )
        stock = self._stock()
        low, high = (int((at - EPOCH).total_seconds() * 1000) for at in (start, end))
        keep = (stock.created_ms >= low) & (stock.created_ms < high)
        return [str(one) for one in stock.ids[keep].tolist()]

    def control(self, request: Request) -> Answer:
        """Answer a request below ``CONTROL``; 404 for one that is not listed above."""
        match request.method, request.path.removeprefix(CONTROL):
            case "GET", "ids":
                try:
                    return Answer.json(200, self.ids(date.fromisoformat(request.parameters["day"])))
                except (KeyError, ValueError):
                    return Answer.json(400, {"error": "day is a day such as 2026-11-18"})
            case "GET", "requests":
                return Answer.json(200, self.journal.entries())
            case "DELETE", "requests":
                self.journal.clear()
                return Answer(204)
            case "GET", "stats":
                return Answer.json(200, self.journal.stats())
            case "GET", "faults":
                return Answer.json(200, asdict(self.faults))
            case "PUT", "faults":
                return self._change_faults(request)
        return Answer(404)

    def _change_faults(self, request: Request) -> Answer:
        try:
            changes = msgspec.json.decode(request.body, type=dict[str, object])
            self.faults = self.faults.changed(changes)
        except (msgspec.MsgspecError, ValueError) as error:
            return Answer.json(400, {"error": str(error)})
        self._searches, self._kept = 0, None
        return Answer.json(200, asdict(self.faults))

    def _require_account(self, asked: dict[str, str]) -> None:
        if "app_id" not in asked:
            raise RefusedError(400, "UNSUPPORTED", "app_id is missing")
        given = (asked["app_id"], asked.get("app_key", ""))
        known = (self.settings.app_id, self.settings.app_key)
        if not all(
            secrets.compare_digest(one.encode(), other.encode())
            for one, other in zip(given, known, strict=True)
        ):
            raise RefusedError(401, "AUTH_FAIL", "Authorisation failed")

    def _search(self, page: str, asked: dict[str, str]) -> Answer:
        found = find(self._stock(), page, asked, self._now())
        body = found.answer(self.settings.app_id, self._announced(len(found.stock)), self.faults)
        if self.faults.echo:
            body["request"] = dict(asked)
        return Answer.json(200, body)

    def _announced(self, count: int) -> int:
        if not self.faults.drift:
            return count
        wave = (self._searches * 7 % 11 - 5) / 5  # from -1 to 1, in an order of its own
        return max(0, round(count * (1 + self.faults.drift * wave)))

    def _stock(self) -> Stock:
        """Return what is live now, after what came and went with each search."""
        minute = self._now().replace(second=0, microsecond=0)
        if self._kept is None or self._kept[0] != minute:
            stock = stock_at(self._sandbox.seed, self.settings.live, minute)
            self._kept = minute, stock
        stock = self._kept[1]
        gone = min(len(stock), self.faults.vanish * self._searches)
        if gone:
            stock = stock.take(np.sort(np.argsort(stock.bits("vanish"), kind="stable")[gone:]))
        if come := self.faults.arrive * self._searches:
            created_ms = int((minute - EPOCH).total_seconds() * 1000) + np.arange(come) * 10
            ids = _FIRST_ARRIVAL + np.arange(come)
            stock = joined(stock, stock_of(self._sandbox.seed, ids, created_ms // 1000 * 1000))
        return stock

    def _now(self) -> datetime:
        return self._sandbox.paris_now().replace(tzinfo=PARIS).astimezone(UTC)

    def _fault(self) -> Misbehaviour:
        faults = self.faults
        if not faults.every or self._searches % faults.every:
            return Misbehaviour()
        return _misbehaviour(faults.kinds[(self._searches // faults.every - 1) % len(faults.kinds)])


def _misbehaviour(kind: str) -> Misbehaviour:
    match kind:
        case "429":
            return Misbehaviour(Answer(429))
        case "500" | "exception-200":
            status = 500 if kind == "500" else 200
            body = {
                "__CLASS__": f"{CLASS}Exception",
                "exception": "INTERNAL",
                "display": "The request could not be completed",
                "doc": "https://api.adzuna.com/v1/doc",
            }
            return Misbehaviour(Answer.json(status, body))
        case _:
            return misbehaviour(kind)
