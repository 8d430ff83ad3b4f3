"""Lies in the bytes: broken records and pages, offers of no date; storms, tokens, headers, no end."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec
import numpy as np
from jobmarket.foundation.http.transport import Reply
from requests.structures import CaseInsensitiveDict

from tests.support.lying_api.api import Lie, Question

if TYPE_CHECKING:
    from numpy.typing import NDArray  # the types of the columns are read at run time

    from tests.support.lying_api.world import World


class _Records(Lie):
    """A few offers of the day are written so that their record cannot be read."""

    kind = "C"
    sizes = (1_200, 5_000)
    must = "whole"
    count = 3

    def prepare(self) -> None:
        self._bad = {
            self.world.bodies[at]: self.broken(self.world.bodies[at])
            for at in self.world.some(self.count)
        }

    def broken(self, record: bytes) -> bytes:
        return record.replace(b"Boulanger (H/F)", self.text)

    text = b""

    def body(self, question: Question, records: list[bytes], facets: bytes) -> bytes:
        return super().body(question, [self._bad.get(record, record) for record in records], facets)


class RecordsCutInAnEmoji(_Records):
    text = rb"fin \ud83d"


class RecordsWithControlCharacters(_Records):
    text = b"un\tdeux\x01\n"


class RecordsWithOtherEscapes(_Records):
    text = rb"\x41\'\q"


class RecordsOfBadUtf8(_Records):
    text = b"\xff\xfe\xed\xa0\x80"


class RecordsWithBareQuotes(_Records):
    text = b'il dit "oui" ou'


class RecordsNestedDeep(_Records):
    text = b'","x":' + b'{"a":' * 2_000 + b"1" + b"}" * 2_000 + b',"y":"'


class RecordsWithNan(_Records):
    text = b'","nombrePostes":NaN,"x":[1,],"y":"'


class RecordsOfHugeNumbers(_Records):
    text = b'","nombrePostes":' + b"9" * 5_000 + b',"y":"'


class ManyRecordsBroken(RecordsCutInAnEmoji):
    count = 200


class OffersOf1999(_Records):
    """Some offers say that they were created in another year."""

    date = "1999-01-01T00:00:00.000Z"
    must = "whole"

    def prepare(self) -> None:
        super().prepare()
        self.excused |= {msgspec.json.decode(record)["id"] for record in self._bad}

    def broken(self, record: bytes) -> bytes:
        return re.sub(
            rb'"dateCreation":"[^"]*"', b'"dateCreation":"%b"' % self.date.encode(), record
        )


class OneOfferOf1999(OffersOf1999):
    count = 1


class OneOfferOf9999(OffersOf1999):
    count = 1
    date = "9999-12-31T23:59:59.999Z"


class OffersWithoutDate(OffersOf1999):
    date = ""


class OffersWithAWordForADate(OffersOf1999):
    date = "hier"


class OffersOfYearZero(OffersOf1999):
    date = "0000-00-00T00:00:00.000Z"


class OffersOfTomorrow(OffersOf1999):
    date = "2026-11-19T09:00:00.000Z"


class OffersWithoutId(_Records):
    def prepare(self) -> None:
        super().prepare()
        self.excused |= {msgspec.json.decode(record)["id"] for record in self._bad}

    def broken(self, record: bytes) -> bytes:
        return re.sub(rb'"id":"[^"]*",', b"", record)


class OffersWithTheSameId(OffersWithoutId):
    """Three offers share an id."""

    must = ""

    def broken(self, record: bytes) -> bytes:
        return re.sub(rb'"id":"[^"]*"', b'"id":"0000000"', record)


class KilledWhileOffersShareAnId(OffersWithTheSameId):
    """The ids are right again when the killed run goes on."""

    must = "whole"
    kills = (14,)

    def prepare(self) -> None:
        super().prepare()
        self.excused.clear()

    def body(self, question: Question, records: list[bytes], facets: bytes) -> bytes:
        if question.number > self.kills[-1]:
            return Lie.body(self, question, records, facets)
        return super().body(question, records, facets)


class KilledWhileOneOfferHasAnotherId(KilledWhileOffersShareAnId):
    """Nothing else of it is wrong: total, facets, order, creation."""

    count = 1
    kills = (20,)

    def broken(self, record: bytes) -> bytes:
        return re.sub(rb'"id":"[^"]*"', b'"id":"9999999"', record)


class KilledWhileEveryTenthOfferHasAnotherId(KilledWhileOneOfferHasAnotherId):
    count = 120

    def broken(self, record: bytes) -> bytes:
        return re.sub(rb'"id":"([^"]*)"', rb'"id":"9\1"', record)


class OffersWithNumbersForIds(_Records):
    def broken(self, record: bytes) -> bytes:
        return re.sub(rb'"id":"([0-9]*)"', rb'"id":\1', record)


class _BrokenPages(Lie):
    """The bodies of some pages are broken each time they are asked for.

    Whatever of them can be told apart counts; a day that lacks the rest is not whole.
    """

    kind = "C"
    sizes = (1_200, 5_000)

    def broken(self, body: bytes) -> bytes:
        raise NotImplementedError

    def is_broken(self, question: Question) -> bool:
        return question.holds(350)

    def reply(self, question: Question, reply: Reply) -> Reply:
        if not reply.body or not self.is_broken(question):
            return reply
        return Reply(reply.status, reply.headers, self.broken(reply.body))


class PageCutShort(_BrokenPages):
    def broken(self, body: bytes) -> bytes:
        return body[: len(body) // 2]


class PageOfHtml(_BrokenPages):
    def broken(self, body: bytes) -> bytes:
        return b"<html><body>Service indisponible</body></html>"


class PageOfNothing(_BrokenPages):
    def broken(self, body: bytes) -> bytes:
        return b""


class PageOfAnotherCharset(_BrokenPages):
    def broken(self, body: bytes) -> bytes:
        return body.decode().encode("utf-16")


class PageWithoutItsEnd(_BrokenPages):
    def broken(self, body: bytes) -> bytes:
        return body[: body.rindex(b"]")]


class PagesCutAtOneOffer(_BrokenPages):
    """Whatever page holds a certain offer ends within it."""

    must = "doubt"

    def prepare(self) -> None:
        self._id = self.world.ids[int(self.world.some(1)[0])].encode()

    def is_broken(self, question: Question) -> bool:
        return True

    def broken(self, body: bytes) -> bytes:
        at = body.find(b'"id":"' + self._id)
        return body if at < 0 else body[: at + 60]


class PageWithWordsBehind(_BrokenPages):
    must = "whole"

    def broken(self, body: bytes) -> bytes:
        return body + b"<!-- 12 ms -->"


class PageWithAByteOrderMark(_BrokenPages):
    must = "whole"

    def broken(self, body: bytes) -> bytes:
        return b"\xef\xbb\xbf" + body


class PageWithARecordLost(_BrokenPages):
    """One record less than the range says."""

    def broken(self, body: bytes) -> bytes:
        first = body.index(b'{"id"', 20)
        return body[:first] + body[body.index(b'{"id"', first + 1) :]


class PageBrokenTwice(_BrokenPages):
    """Broken twice, then whole."""

    must = "whole"

    def prepare(self) -> None:
        self._times: dict[str, int] = {}

    def is_broken(self, question: Question) -> bool:
        address = str(sorted(question.asked.items()))
        self._times[address] = self._times.get(address, 0) + 1
        return question.holds(350) and self._times[address] <= 2

    def broken(self, body: bytes) -> bytes:
        return body[:1000]


class EveryPageCutShort(_BrokenPages):
    def is_broken(self, question: Question) -> bool:
        return question.last > question.first

    def broken(self, body: bytes) -> bytes:
        return body[: len(body) * 9 // 10]


class _Storm(Lie):
    """Answers of trouble, which end."""

    kind = "D"
    sizes = (1_200,)
    must = "whole"
    every = 3
    until = 60
    trouble = Reply(503)

    def reply(self, question: Question, reply: Reply) -> Reply:
        if question.number % self.every == 0 and question.number <= self.until:
            return self.trouble
        return reply


class StormOf429(_Storm):
    trouble = Reply(429, CaseInsensitiveDict({"Retry-After": "0"}))


class StormOf429WithADate(_Storm):
    trouble = Reply(429, CaseInsensitiveDict({"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}))
    until = 6
    must = ""


class StormOf503(_Storm):
    pass


class StormOf500(_Storm):
    trouble = Reply(
        500,
        CaseInsensitiveDict(),
        b'{"codeErreur":"x","codeHttp":500,"message":"Erreur technique."}',
    )


class StormOfHtml(_Storm):
    trouble = Reply(200, CaseInsensitiveDict(), b"<html></html>")


class StormOfClosedConnections(_Storm):
    trouble = Reply(0, problem="ConnectionError")


class StormOf401(_Storm):
    trouble = Reply(401, CaseInsensitiveDict({"WWW-Authenticate": "Bearer"}))


class _Always(_Storm):
    every = 1
    until = 10**9
    must = "refused"


class DownForEver(_Always):
    pass


class RefusedForEver(_Always):
    trouble = Reply(429, CaseInsensitiveDict({"Retry-After": "0"}))


class UnauthorizedForEver(_Always):
    trouble = Reply(401)


class RetryAfterAnAge(_Always):
    trouble = Reply(429, CaseInsensitiveDict({"Retry-After": "1e12"}))


class RetryAfterInfinity(_Always):
    trouble = Reply(429, CaseInsensitiveDict({"Retry-After": "inf"}))


class RetryAfterNoNumber(_Always):
    trouble = Reply(429, CaseInsensitiveDict({"Retry-After": "nan"}))


class BadRequestForEver(_Always):
    trouble = Reply(400, CaseInsensitiveDict(), b'{"message":"Format incorrect."}')


class RedirectedForEver(_Always):
    trouble = Reply(302, CaseInsensitiveDict({"Location": "http://x/"}))


class _Header(Lie):
    """A ``Content-Range`` of another form."""

    kind = "D"
    sizes = (1_200,)
    told = ""

    def reply(self, question: Question, reply: Reply) -> Reply:
        return Reply(reply.status, CaseInsensitiveDict({"Content-Range": self.told}), reply.body)


class RangeOfThousandsOfDigits(_Header):
    told = "offres 0-149/" + "9" * 5_000


class RangeOfWords(_Header):
    told = "offres 0-149/beaucoup"


class RangeOfBillions(_Header):
    told = "offres 0-149/2000000000"


class RangeBelowZero(_Header):
    told = "offres 0-149/-5"


class RangeUnknown(_Header):
    told = "offres 0-149/*"


class RangeNowAndThenMissing(_Header):
    must = "whole"

    def reply(self, question: Question, reply: Reply) -> Reply:
        if question.number % 4:
            return reply
        return Reply(reply.status, CaseInsensitiveDict(), reply.body)


class _Token(Lie):
    """Tokens of a strange life."""

    kind = "D"
    sizes = (1_200,)
    life: object = 1499

    def token(self, number: int, reply: Reply) -> Reply:
        body = {"access_token": f"t{number}", "expires_in": self.life}
        return Reply(reply.status, reply.headers, msgspec.json.encode(body))


class TokenOfNoLife(_Token):
    life = 0


class TokenOfNegativeLife(_Token):
    life = -5


class TokenOfText(_Token):
    life = "1499"


class TokenOfAges(_Token):
    life = 10**30


class TokenIsLateToCome(_Token):
    must = "whole"

    def token(self, number: int, reply: Reply) -> Reply:
        return Reply(503) if number <= 3 else reply


class NeverEnds(Lie):
    """With every search fifty more offers come."""

    kind = "D"
    sizes = (5_000,)

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self._order = world.rng.permutation(np.flatnonzero(world.in_day))

    def prepare(self) -> None:
        self.world.arrives[self._order] = np.arange(len(self._order)) // 5


class TotalsNeverAgree(Lie):
    """Each search announces another total, by thousands."""

    kind = "D"

    def total(self, question: Question, total: int) -> int:
        return total + int(self.rng.integers(0, 3_000)) if total else 0


class EachQuestionHidesOthers(Lie):
    """Each search hides one offer in fifty, each time others."""

    kind = "D"
    sizes = (1_200, 5_000)

    def shown(self, question: Question) -> NDArray[np.bool_]:
        return super().shown(question) & (self.rng.random(len(self.world)) > 0.02)
