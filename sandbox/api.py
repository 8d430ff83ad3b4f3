"""The API's own answers: token, search, one offer, référentiels.

What lives here: from a request to an answer, without HTTP, time or faults. What does not: who may ask and
how fast (``oauth``, ``server``), what matches (``world``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from sandbox import referentials
from sandbox.answers import JSON, Answer, ApiError
from sandbox.offers.ids import FRANCE_TRAVAIL_ID, PARTNER_ID
from sandbox.paging import PAGE_MAX, parse_range, status_and_content_range
from sandbox.query import parse_query

if TYPE_CHECKING:
    from sandbox.oauth import TokenDesk
    from sandbox.world import World

TOKEN_PATH = "/connexion/oauth2/access_token"  # noqa: S105  # a path, not a password
ROOT = "/partenaire/offresdemploi/v2/"
_SEARCH = f"{ROOT}offres/search"
_OFFER = re.compile(f"{ROOT}offres/([^/]+)")
_REFERENTIAL = re.compile(f"{ROOT}referentiel/([^/]+)")
ACCEPT_RANGE = {"Accept-Range": str(PAGE_MAX)}


@dataclass(frozen=True)
class Request:
    """One HTTP request; header names in lower case, query as it came."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes

    @cached_property
    def parameters(self) -> dict[str, str]:
        """The query parameters; of one given twice the API reads the first."""
        return first_values(self.query)

    @property
    def authorization(self) -> str:
        """The Authorization header, empty if there is none."""
        return self.headers.get("authorization", "")


@dataclass(frozen=True)
class Found:
    """An answer and, for a search or a question for one offer that was carried out, its number."""

    answer: Answer
    search_number: int | None = None
    detail_number: int | None = None


def first_values(text: str) -> dict[str, str]:
    """Read form-encoded text; the first value of a name counts."""
    found: dict[str, str] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        found.setdefault(name.strip(), value)
    return found


def token(desk: TokenDesk, request: Request, now: float) -> Answer:
    """Answer the token endpoint; id, secret, grant and scope may be in the query or in the form."""
    if request.method != "POST":
        return Answer(405)
    form = first_values(request.body.decode("latin-1"))
    uses_basic = request.authorization.lower().startswith("basic ")
    realm = request.parameters.get("realm", "")
    return desk.answer(realm, request.parameters | form, uses_basic, now)


def answer(world: World, request: Request) -> Found:
    """Answer any path of the API but the token endpoint; the client is known and within its rate."""
    if request.method != "GET":
        return Found(Answer(405))
    try:
        if request.path == _SEARCH:
            return _search(world, request)
        if found := _OFFER.fullmatch(request.path):
            return Found(_offer(world, found[1]), detail_number=world.details)
        if found := _REFERENTIAL.fullmatch(request.path):
            return Found(referentials.answer(found[1]))
    except ApiError as error:
        return Found(error.answer())
    return Found(Answer(404))


def _search(world: World, request: Request) -> Found:
    asked = parse_range(request.parameters.get("range"))
    query = parse_query(request.parameters)
    number, found = world.search(query)
    status, content_range = status_and_content_range(asked, found.total)
    headers = {"Content-Range": content_range, **ACCEPT_RANGE}
    if status == 204:
        return Found(Answer(status, headers=headers), number)
    body = found.page(asked, world.faults.unknown_fields)
    return Found(Answer(status, body, headers | {"Content-Type": JSON}), number)


def _offer(world: World, offer_id: str) -> Answer:
    if not (FRANCE_TRAVAIL_ID.fullmatch(offer_id) or PARTNER_ID.fullmatch(offer_id)):
        raise ApiError("Le format de l'id de l'offre recherchée est incorrect.")
    body = world.offer(offer_id)
    return Answer(204) if body is None else Answer(200, body, {"Content-Type": JSON})
