"""``/_sandbox/``: what tests and measurements ask the sandbox itself. Not part of the real API.

::

    GET    /_sandbox/health                 200 when it serves
    GET    /_sandbox/ids?day=2026-11-18     the truth: ids created that Paris day, as the leading replica
                                            has them now; &vanished=1 for those that vanished
    GET    /_sandbox/requests               the last 100,000 requests to the API, oldest first
    DELETE /_sandbox/requests               forget them, and the counts
    GET    /_sandbox/stats                  counts by status, real 429s, most requests in any second
    GET    /_sandbox/faults                 the misbehaviours in force
    GET    /_sandbox/live                   the truth: ids of all that is live, where offers close
    GET    /_sandbox/lives?day=2026-11-18   the truth of each offer of a day: id, and in milliseconds of the
                                            Paris clock created, changed, gone for days, back, gone for good;
                                            whether the change is more than another dateActualisation
    PUT    /_sandbox/clock                  stand at a Paris time: {"now": "2026-11-18T02:00:00"}
    PUT    /_sandbox/faults                 change some of them: a JSON object of ``settings.Faults`` fields

No token is needed: this is why a sandbox listens on loopback unless told otherwise.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import TYPE_CHECKING

import msgspec

from sandbox.answers import Answer

if TYPE_CHECKING:
    from sandbox.api import Request
    from sandbox.journal import Journal
    from sandbox.world import World

PREFIX = "/_sandbox/"


def answer(world: World, journal: Journal, request: Request) -> Answer:
    """Answer a control request; 404 for a path or a method that is not listed above."""
    name = request.path.removeprefix(PREFIX)
    match request.method, name:
        case "GET", "health":
            return Answer.json(200, {"status": "ok"})
        case "GET", "ids":
            return _ids(world, request)
        case "GET", "requests":
            return Answer.json(200, journal.entries())
        case "DELETE", "requests":
            journal.clear()
            return Answer(204)
        case "GET", "stats":
            return Answer.json(200, journal.stats())
        case "GET", "faults":
            return Answer.json(200, asdict(world.faults))
        case "PUT", "faults":
            return _change_faults(world, request)
    return _answer_of_time(world, request, name)


def _answer_of_time(world: World, request: Request, name: str) -> Answer:
    match request.method, name:
        case "GET", "live":
            return Answer.json(200, world.live_ids())
        case "GET", "lives":
            return _lives(world, request)
        case "PUT", "clock":
            return _move_clock(world, request)
    return Answer(404)


def _ids(world: World, request: Request) -> Answer:
    try:
        day = date.fromisoformat(request.parameters.get("day", ""))
    except ValueError:
        return Answer.json(400, {"error": "day is a day such as 2026-11-18"})
    return Answer.json(200, world.ids(day, vanished=request.parameters.get("vanished") == "1"))


def _lives(world: World, request: Request) -> Answer:
    if world.settings.mean_life_days is None:
        return Answer.json(400, {"error": "nothing closes here: start it with mean_life_days"})
    try:
        day = date.fromisoformat(request.parameters.get("day", ""))
    except ValueError:
        return Answer.json(400, {"error": "day is a day such as 2026-11-18"})
    return Answer.json(200, world.lives(day))


def _move_clock(world: World, request: Request) -> Answer:
    try:
        asked = msgspec.json.decode(request.body, type=dict[str, str])
        now = datetime.fromisoformat(asked["now"]).replace(tzinfo=None)
    except (msgspec.MsgspecError, KeyError, ValueError) as error:
        return Answer.json(400, {"error": str(error)})
    world.move_clock(now)
    return Answer.json(200, {"now": now.isoformat()})


def _change_faults(world: World, request: Request) -> Answer:
    try:
        changes = msgspec.json.decode(request.body, type=dict[str, object])
        world.change_faults(world.faults.changed(changes))
    except (msgspec.MsgspecError, ValueError) as error:
        return Answer.json(400, {"error": str(error)})
    return Answer.json(200, asdict(world.faults))
