"""The API as the client meets it: the wire's double, which answers from a world as a lie will have it."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

import msgspec
import numpy as np
from jobmarket.foundation.http.transport import Reply
from jobmarket.sources.france_travail.client.answer import wall_second
from requests.structures import CaseInsensitiveDict

from tests.support.lying_api.world import (
    CONTRACTS,
    DAY_MS,
    DEPARTEMENTS,
    EXPERIENCES,
    REFERENTIALS,
    ROMES,
    World,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray  # the types of the columns are read at run time
    from requests.auth import AuthBase

PAGE = 150
LAST_START = 3000
ALL_TIME = (0, 2**62)
RUNAWAY = 12_000
"""Searches of one lie after which a client has shown that it knows no budget."""

_FILTERS = {
    "typeContrat": ("contract", CONTRACTS),
    "experience": ("experience", EXPERIENCES),
    "codeROME": ("rome", ROMES),
    "departement": ("departement", DEPARTEMENTS),
}


class Killed(BaseException):
    """The process ends here."""


@dataclass
class Question:
    """One search.

    :param number: of the searches served, from 1.
    :param low: first wall-clock millisecond asked for; ``high`` the last.
    :param first: first index; ``last`` the last, inclusive.
    :param thread: number of the connection, for replicas that stick to one.
    """

    number: int
    asked: dict[str, str]
    low: int
    high: int
    first: int
    last: int

    @property
    def origin(self) -> str:
        return self.asked.get("origineOffre", "")

    def holds(self, index: int) -> bool:
        """Whether the offer at this index is asked for, among others."""
        return self.first <= index <= self.last and self.first < self.last

    @property
    def query(self) -> str:
        """The query without its range."""
        return "&".join(f"{k}={v}" for k, v in sorted(self.asked.items()) if k != "range")


class Lie:
    """The honest API; a lie overrides one step of its answer.

    :param rng: of this run.

    Class attributes: ``kind`` is the section of faults it belongs to; ``sizes`` are the offers of the days
    it is tried on; ``burst`` of them come in one second; ``kills`` ends the process at these searches, once
    each; ``clutter`` are objects of others that lie below the day in the lake; ``threads`` of the
    client, if it matters how many; ``why`` is the argument that no client can tell, if there is one; ``must``
    is how it has to end, where that is known; from search ``seen_by`` on, all that has come must be found.
    """

    kind = ""
    sizes: tuple[int, ...] = (5_000,)
    burst = 0
    kills: tuple[int, ...] = ()
    clutter: tuple[str, ...] = ()
    threads = 0
    why = ""
    must = ""
    seen_by = 1

    def __init__(self, world: World) -> None:
        self.world = world
        self.rng = world.rng
        self.excused: set[str] = set()  # what this lie shows as offers of no day

    @classmethod
    def allows(cls, verdict: str, then: str) -> bool:
        """Whether this lie may end so, and the next run after it."""
        if verdict == "FALSE":
            return bool(cls.why)
        is_allowed = verdict in ((cls.must,) if cls.must else ("whole", "doubt", "refused"))
        return is_allowed and then in ("", "whole")

    @property
    def name(self) -> str:
        return type(self).__name__

    def prepare(self) -> None:
        """Change the world before the first question."""

    def window(self, question: Question, low: int, high: int) -> tuple[int, int]:
        """Change the bounds that creation dates are compared with, both included."""
        return low, high

    def shown(self, question: Question) -> NDArray[np.bool_]:
        """Say which offers exist for this question."""
        return self.world.visible(question.number)

    def matching(self, question: Question, name: str, wanted: list[str]) -> NDArray[np.bool_]:
        """Say which offers have an attribute."""
        if name == "origineOffre":
            return np.isin(self.world.origin, [int(value) for value in wanted])
        column, codes = _FILTERS[name]
        known = [codes.index(value) for value in wanted if value in codes]
        return np.isin(getattr(self.world, column), known)

    def ordered(self, question: Question, rows: NDArray[np.intp]) -> NDArray[np.intp]:
        """Rank rows, which come newest first."""
        origin = self.world.origin[rows]
        newest = -self.world.created[rows]
        sort = question.asked.get("sort", "0")
        if sort == "1":
            days = -(self.world.created[rows] // DAY_MS)
            return rows[np.lexsort((rows, newest, origin, days))]
        return rows[np.lexsort((rows, newest, origin))]

    def total(self, question: Question, total: int) -> int:
        """Change the total."""
        return total

    def page(self, question: Question, rows: NDArray[np.intp]) -> NDArray[np.intp]:
        """Choose the rows of the page from all ranked rows."""
        return rows[question.first : question.last + 1]

    def facets(
        self, question: Question, facets: dict[str, dict[str, int]]
    ) -> dict[str, dict[str, int]]:
        """Change the counts beside the records."""
        return facets

    def body(self, question: Question, records: list[bytes], facets: bytes) -> bytes:
        """Write the body."""
        return b'{"resultats":[' + b",".join(records) + b'],"filtresPossibles":' + facets + b"}"

    def reply(self, question: Question, reply: Reply) -> Reply:
        """Change the answer as a whole."""
        return reply

    def token(self, number: int, reply: Reply) -> Reply:
        """Change the answer of the token endpoint."""
        return reply

    def referential(self, name: str, codes: list[str]) -> list[str]:
        """Change the codes of a référentiel."""
        return codes


class Api:
    """One API over a world: honest, unless a lie is told.

    :param lie: what is told.
    """

    def __init__(self, lie: Lie) -> None:
        self.lie = lie
        self.world = lie.world
        self.served = 0
        self.tokens = 0
        self.kills = list(lie.kills)
        self.lock = Lock()

    def connect(self, *_: Any, **__: Any) -> Wire:
        """Return a transport: takes the place of the class."""
        return Wire(self)

    def answer_search(self, asked: dict[str, str]) -> Reply:
        with self.lock:
            self.served += 1
            if self.kills and self.served > self.kills[0]:
                self.kills.pop(0)
                raise Killed
            if self.served > RUNAWAY:
                raise Killed
            return self._answer(asked)

    def _answer(self, asked: dict[str, str]) -> Reply:
        refusal = _refusal(asked)
        if refusal:
            return _error(400, refusal)
        first, last = map(int, asked.get("range", "0-149").split("-"))
        low, high = ALL_TIME
        if "minCreationDate" in asked:
            low = 1000 * (wall_second(asked["minCreationDate"]) or 0)
            high = 1000 * (wall_second(asked["maxCreationDate"]) or 0)
        question = Question(self.served, asked, low, high, first, last)
        lie, world = self.lie, self.world
        low, high = lie.window(question, low, high)
        keep = lie.shown(question) & (world.created >= low) & (world.created <= high)
        for name in ("origineOffre", *_FILTERS):
            if asked.get(name):
                keep &= lie.matching(question, name, asked[name].split(","))
        rows = lie.ordered(question, np.flatnonzero(keep))
        facets = lie.facets(question, _facets_of(world, rows))
        page = lie.page(question, rows)
        total = lie.total(question, len(rows))
        return lie.reply(question, self._reply(question, page, total, facets))

    def _reply(
        self,
        question: Question,
        page: NDArray[np.intp],
        total: int,
        facets: dict[str, dict[str, int]],
    ) -> Reply:
        if not len(page):
            told = "*/0" if total == 0 else f"offres -1--1/{total}"
            return Reply(204, _headers(told))
        records = [self.world.bodies[at] for at in page]
        written = msgspec.json.encode(
            [
                {
                    "filtre": name,
                    "agregation": [
                        {"valeurPossible": code, "nbResultats": count}
                        for code, count in counts.items()
                    ],
                }
                for name, counts in facets.items()
            ]
        )
        last = question.first + len(page) - 1
        status = 200 if question.first == 0 and last == total - 1 else 206
        return Reply(
            status,
            _headers(f"offres {question.first}-{last}/{total}"),
            self.lie.body(question, records, written),
        )


@dataclass
class Wire:
    """Takes the place of ``Transport``."""

    api: Api
    tokens: set[str] = field(default_factory=set)

    def get(self, url: str, auth: AuthBase) -> Reply:
        del auth
        parts = urlsplit(url)
        asked = dict(parse_qsl(parts.query))
        if parts.path.endswith("/offres/search"):
            return self.api.answer_search(asked)
        name = parts.path.rpartition("/")[2]
        codes = self.api.lie.referential(name, list(REFERENTIALS[name]))
        return Reply(
            200, _headers(""), msgspec.json.encode([{"code": c, "libelle": c} for c in codes])
        )

    def post(self, url: str, form: Mapping[str, str]) -> Reply:
        del url, form
        with self.api.lock:
            self.api.tokens += 1
            token = {"access_token": f"t{self.api.tokens}", "expires_in": 1499}
            reply = Reply(200, _headers(""), msgspec.json.encode(token))
            return self.api.lie.token(self.api.tokens, reply)

    def close(self) -> None:
        return None


def _headers(content_range: str) -> CaseInsensitiveDict[str]:
    return CaseInsensitiveDict({"Content-Range": content_range} if content_range else {})


def _error(status: int, message: str) -> Reply:
    body = {"codeErreur": "1", "codeHttp": status, "message": message}
    return Reply(status, _headers(""), msgspec.json.encode(body))


def _refusal(asked: dict[str, str]) -> str:
    first, last = map(int, asked.get("range", "0-149").split("-"))
    if last - first + 1 > PAGE:
        return "La plage de résultats demandée est trop importante."
    if first > LAST_START:
        return "La position de début doit être inférieure ou égale à 3000."
    if ("minCreationDate" in asked) != ("maxCreationDate" in asked):
        return "Les paramètres minCreationDate et maxCreationDate sont dépendants."
    if asked.get("origineOffre", "1") not in ("1", "2"):
        return "Format du paramètre « origineOffre » incorrect. 1 ou 2 attendu."
    for name, most, known in (
        ("codeROME", 200, None),
        ("departement", 5, REFERENTIALS["departements"]),
        ("typeContrat", 10, REFERENTIALS["typesContrats"]),
    ):
        codes = asked[name].split(",") if asked.get(name) else []
        if len(codes) > most:
            return f"Le nombre de {name} maximum autorisé pour la recherche est de {most}"
        if known and set(codes) - set(known):
            return f"Valeur du paramètre « {name} » incorrecte."
    return ""


def _facets_of(world: World, rows: NDArray[np.intp]) -> dict[str, dict[str, int]]:
    """Count contracts (but DDT, which the source does not list) and experience; the rest as one value."""
    contracts = np.bincount(world.contract[rows], minlength=len(CONTRACTS)).tolist()
    experience = np.bincount(world.experience[rows], minlength=len(EXPERIENCES)).tolist()
    counted = {
        "typeContrat": {c: n for c, n in zip(CONTRACTS, contracts, strict=True) if c != "DDT"},
        "experience": dict(zip(EXPERIENCES, experience, strict=True)),
        "qualification": {"X": len(rows)},
        "natureContrat": {"E1": len(rows)},
    }
    return {name: {c: n for c, n in counts.items() if n} for name, counts in counted.items()}
