"""Numbers and texts of France Travail's answers, at their bounds: token, Retry-After, what may be told."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from jobmarket.airflow.task import FailOrRetry
from jobmarket.foundation.errors import RateLimited
from jobmarket.foundation.http.transport import Reply
from jobmarket.sources.france_travail.client.access_token import (
    LONGEST_LIFE_S,
    SHORTEST_LIFE_S,
    USUAL_LIFE_S,
    AccessToken,
    Token,
    read_token,
)
from jobmarket.sources.france_travail.client.answer import UnusableAnswerError
from jobmarket.sources.france_travail.client.verdict import retry_after
from requests.structures import CaseInsensitiveDict

TOKEN = "t0k3n-of-the-client"


def token_answer(**fields: Any) -> Reply:
    return Reply(200, body=json.dumps({"access_token": TOKEN} | fields).encode())


@pytest.mark.parametrize(
    ("fields", "life_s"),
    [
        ({"expires_in": 1499}, 1499.0),
        ({"expires_in": "1499"}, 1499.0),
        ({"expires_in": 90.5}, 90.5),
        ({"expires_in": 0}, SHORTEST_LIFE_S),
        ({"expires_in": -1}, SHORTEST_LIFE_S),
        ({"expires_in": -(10**30)}, SHORTEST_LIFE_S),
        ({"expires_in": 1e-9}, SHORTEST_LIFE_S),
        ({"expires_in": "-inf"}, SHORTEST_LIFE_S),
        ({"expires_in": 1e12}, LONGEST_LIFE_S),
        ({"expires_in": "inf"}, LONGEST_LIFE_S),
        ({"expires_in": "nan"}, USUAL_LIFE_S),
        ({"expires_in": "soon"}, USUAL_LIFE_S),
        ({"expires_in": None}, USUAL_LIFE_S),
        ({"expires_in": [60]}, USUAL_LIFE_S),
        ({}, USUAL_LIFE_S),
    ],
)
def test_the_life_of_a_token_is_bounded(
    fields: dict[str, Any], life_s: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert read_token(token_answer(**fields), "c") == (TOKEN, life_s)
    now = [1000.0]
    monkeypatch.setattr(
        "jobmarket.sources.france_travail.client.access_token.time.monotonic", lambda: now[0]
    )
    asked: list[float] = []

    def fetch() -> Token:
        asked.append(now[0])
        return read_token(token_answer(**fields), "c")

    token = AccessToken(fetch)
    for now[0] in (1000.0, 1000.0 + life_s / 2, 999.0 + life_s - min(60.0, life_s / 10)):
        assert token.current() == TOKEN
    assert asked == [1000.0]
    now[0] = 1000.0 + life_s
    token.current()
    assert asked == [1000.0, now[0]]


@pytest.mark.parametrize(
    "value", ["", "a b", "a\r\nX: y", "a\nb", "a\x00", "\x1b[0m", "jeton-é", "a" * 9000]
)
def test_a_token_that_no_header_can_carry_is_not_told(value: str) -> None:
    with pytest.raises(UnusableAnswerError, match="characters that no header can carry") as caught:
        read_token(token_answer(access_token=value), "c")
    assert str(caught.value) == (
        f"the token endpoint gave {len(value)} characters that no header can carry as a token"
    )


@pytest.mark.parametrize("body", [b"", b"[]", b"\xff", b"[" * 5000, b'{"access_token":1}'])
def test_an_answer_that_is_no_token_is_asked_again(body: bytes) -> None:
    with pytest.raises(UnusableAnswerError, match="not that of OAuth2"):
        read_token(Reply(200, body=body), "c")


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        (None, 1.0),
        ("0", 0.0),
        ("7", 7.0),
        ("7.5", 7.5),
        ("3600", 3600.0),
        ("3601", 3600.0),
        ("1000000000000", 3600.0),
        ("9" * 5000, 1.0),
        ("9" * 350, 3600.0),
        ("1e12", 1.0),
        ("-5", 1.0),
        ("inf", 1.0),
        ("nan", 1.0),
        ("", 1.0),
        ("later", 1.0),
        ("5, 10", 10.0),
        ("5, later", 1.0),
        ("٣", 1.0),
        ("Fri, 27 Nov 2026 10:02:00 GMT", 120.0),
        ("Fri, 27 Nov 2026 09:00:00 GMT", 0.0),
        ("Sun, 31 Dec 9999 23:59:59 GMT", 3600.0),
        ("Mon, 01 Jan 0001 00:00:00 +2359", 0.0),
        ("Fri, 99 Nov 2026 10:02:00 GMT", 1.0),
        ("\x1b[31m", 1.0),
    ],
)
def test_a_retry_after_is_read_within_bounds(said: str | None, seconds: float) -> None:
    reply = Reply(429, CaseInsensitiveDict({} if said is None else {"retry-after": said}))
    assert retry_after(reply, datetime(2026, 11, 27, 10, tzinfo=UTC)) == seconds


@pytest.mark.parametrize("seconds", [0, 1, 3600, 1e12, float("inf"), float("nan"), -5.0])
def test_what_another_server_asks_for_fits_airflows_dates(seconds: float) -> None:
    decision = FailOrRetry().evaluate(RateLimited("slow down", retry_after_s=seconds), 1, 3)
    assert decision.retry_delay is not None
    assert timedelta(0) <= decision.retry_delay <= timedelta(hours=1)
