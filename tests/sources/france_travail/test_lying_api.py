"""An API that lies: every lie ends whole, or not certified and said why, and a passing one heals.

One seed here; all twenty with ``python -m tests.support.lying_api``.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import msgspec
import pytest

from tests.support.lying_api.api import Api, Lie
from tests.support.lying_api.lies import LIES, NO_CLIENT_CAN_TELL
from tests.support.lying_api.runs import tell
from tests.support.lying_api.world import DAY, make_world

if TYPE_CHECKING:
    from jobmarket.foundation.http.transport import Reply

SEEDS = range(1, 1 + int(os.environ.get("JOBMARKET_LIES_SEEDS", "1")))
# the smallest day that shows each lie; larger ones with the command
DAYS = [(lie, lie.sizes[0]) for lie in LIES if lie.sizes[0] <= 8_000]


@pytest.mark.parametrize(("lie", "size"), DAYS, ids=[lie.__name__ for lie, _ in DAYS])
def test_no_lie_is_certified_and_a_passing_one_heals(lie: type[Lie], size: int) -> None:
    for seed in SEEDS:
        outcome = tell(lie, size, seed)
        assert lie.allows(outcome.verdict, outcome.then), outcome
        assert outcome.said or outcome.verdict in ("whole", "FALSE"), outcome


def test_there_are_many_lies_and_few_that_nobody_can_tell() -> None:
    assert len(LIES) >= 150
    assert len(NO_CLIENT_CAN_TELL) <= 5
    assert all(len(why) > 20 for why in NO_CLIENT_CAN_TELL.values())
    assert {lie.kind for lie in LIES} == {
        "honest", "A1", "A2", "A3", "A4", "A5", "A6", "A7", "C", "D",
    }  # fmt: skip


def ask(api: Api, **asked: Any) -> Reply:
    dates = {"minCreationDate": f"{DAY}T00:00:00Z", "maxCreationDate": f"{DAY}T23:59:59Z"}
    url = f"http://x/v2/offres/search?{urlencode(dates | asked)}"
    return api.connect().get(url, None)  # type: ignore[arg-type]


def test_the_honest_double_answers_as_the_api_does() -> None:
    api = Api(Lie(make_world(1_000, 3)))
    whole = api.world.throughout(1, 1)
    found: set[str] = set()
    for first in range(0, 1_050, 150):
        reply = ask(api, range=f"{first}-{first + 149}", sort="1")
        content = msgspec.json.decode(reply.body)
        last = min(first + 149, 999)
        assert reply.status == 206
        assert reply.headers["content-range"] == f"offres {first}-{last}/1000"
        assert len(content["resultats"]) == last - first + 1
        found |= {offer["id"] for offer in content["resultats"]}
        names = [facet["filtre"] for facet in content["filtresPossibles"]]
        assert names == ["typeContrat", "experience", "qualification", "natureContrat"]
        counts = {
            facet["filtre"]: sum(value["nbResultats"] for value in facet["agregation"])
            for facet in content["filtresPossibles"]
        }
        assert counts["experience"] == counts["qualification"] == 1_000
        assert 990 <= counts["typeContrat"] <= 1_000
    assert found == whole
    parts = [
        int(ask(api, range="0-0", origineOffre=origin).headers["Content-Range"].split("/")[1])
        for origin in "12"
    ]
    assert sum(parts) == 1_000


@pytest.mark.parametrize(
    ("asked", "status", "told"),
    [
        ({"range": "0-150"}, 400, None),
        ({"range": "3001-3010"}, 400, None),
        ({"origineOffre": "3"}, 400, None),
        ({"departement": "01,33,59,69,75,2A"}, 400, None),
        ({"typeContrat": "DDT"}, 400, None),
        ({"range": "900-1049"}, 206, "offres 900-999/1000"),
        ({"range": "1500-1649"}, 204, "offres -1--1/1000"),
        ({"minCreationDate": "2030-01-01T00:00:00Z", "maxCreationDate": "2030-01-02T00:00:00Z"}, 204, "*/0"),
        ({"minCreationDate": f"{DAY}T12:00:00Z", "maxCreationDate": f"{DAY}T12:00:59Z"}, 200, None),
    ],
)  # fmt: skip
def test_statuses_of_the_honest_double(
    asked: dict[str, str], status: int, told: str | None
) -> None:
    reply = ask(Api(Lie(make_world(1_000, 3))), **asked)
    assert reply.status == status
    if told:
        assert reply.headers["Content-Range"] == told
