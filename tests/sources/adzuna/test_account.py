"""The account out of an answer: in every spelling, and nothing else changed."""

from __future__ import annotations

import base64
import json
from binascii import hexlify
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jobmarket.sources.adzuna.account import MASK, without_account

if TYPE_CHECKING:
    from collections.abc import Callable

ID, KEY = "5a4db0c5", "b3f1c2d4e5a697887766554433221100"
SECRETS = (ID, KEY)


def percent(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode())


def escaped(text: str) -> str:
    return "".join(f"\\u{ord(sign):04x}" for sign in text)


def base32(text: str) -> str:
    return base64.b32encode(text.encode()).decode()


def utf16(text: str) -> str:
    return base64.b64encode(text.encode("utf-16-le")).decode()


def decimal(text: str) -> str:
    return "".join(f"&#{ord(sign)};" for sign in text)


def hexadecimal(text: str) -> str:
    return "".join(f"&#x{ord(sign):x};" for sign in text)


def base(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def base_url(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def hex_of(text: str) -> str:
    return hexlify(text.encode()).decode()


WAYS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "upper": str.upper,
    "percent": percent,
    "percent, twice": lambda text: quote(percent(text)),
    "unicode escapes": escaped,
    "HTML, decimal": decimal,
    "HTML, hexadecimal": hexadecimal,
    "Base64": base,
    "Base64 for addresses": base_url,
    "Base64 of an address": lambda text: base(f"https://x.fr/a?utm_source={text}&v=1"),
    "Base64 of JSON": lambda text: base_url(json.dumps({"i": "1", "app": text})),
    "Base64, twice": lambda text: base(base(text)),
    "Base64 of percent": lambda text: base(f"a={percent(text)}"),
    "hexadecimal": hex_of,
    "HEXADECIMAL": lambda text: hex_of(text).upper(),
    "hexadecimal of Base64": lambda text: hex_of(base(f"ab{text}")),
    "Base32": base32,
    "UTF-16 in Base64": utf16,
    "a token of three": lambda text: f"eyJhbGciOiJIUzI1NiJ9.{base_url(text)}.4F22",
}


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("way", WAYS)
def test_no_spelling_of_a_secret_is_kept(way: str, secret: str) -> None:
    written = WAYS[way](secret)
    for text in (written, f"https://www.adzuna.fr/land/ad/1?se=Ab_-9&utm_source={written}&v=4F22"):
        body = msgspec.json.encode({"results": [{"id": "1", "adref": text}]})
        kept = msgspec.json.decode(without_account(body, SECRETS))["results"][0]
        assert kept["id"] == "1"
        assert written.lower() not in kept["adref"].lower()
        assert MASK in kept["adref"]


@pytest.mark.parametrize(
    "body",
    [
        # escapes that JSON itself takes away
        '{"a":"\\u0035\\u0061\\u0034\\u0064\\u0062\\u0030\\u0063\\u0035"}',
        '{"a":"5a4db\\u0030c5"}',
        # a backslash that belongs to what stands before
        '{"a":"\\\\5a4db0c5"}',
        '{"a":"\\n5a4db0c5\\t"}',
        '{"a":"\\"5a4db0c5\\""}',
        '{"5a4db0c5":1}',
        '{"a":[["5A4DB0C5"]]}',
        '"5a4db0c5"',
    ],
)
def test_what_is_kept_is_json_without_the_secret(body: str) -> None:
    kept = without_account(body.encode(), SECRETS)
    assert ID not in json.dumps(json.loads(kept)).lower()
    assert MASK in kept.decode()


def test_every_other_byte_stays_as_received() -> None:
    body = (
        b'{ "count" : 2,\n "results":[{"id":"5014426031", "title":"D\\u00e9veloppeur \xc3\xa9t\xc3\xa9 & co",'
        b'"redirect_url":"https:\\/\\/www.adzuna.fr\\/land\\/ad\\/1?utm_source=5a4db0c5&v=4F"}] }'
    )
    assert without_account(body, SECRETS) == body.replace(b"5a4db0c5", b"masked")


@pytest.mark.parametrize(
    "body", [b"", b"{", b"<html>5a4db0c5</html>", b'{"a":"\xff"}', b"\x1f\x8b"]
)
def test_what_is_no_json_is_not_kept(body: bytes) -> None:
    with pytest.raises(ValueError, match="no JSON"):
        without_account(body, SECRETS)


def test_the_parts_of_an_ad_that_look_encoded_stay() -> None:
    ad: dict[str, Any] = {
        "id": "5014426031",
        "adref": "eyJhbGciOiJIUzI1NiJ9.eyJzIjoiUmdvMURTRHJoUTZsQ1J5X3VseUtPdyIsImkiOiI1MDE0In0.5BAACB",
        "description": "100 % télétravail &amp; 2 jours\\semaine, ANTICONSTITUTIONNELLEMENT deadbeef",
        "salary_min": 22100.0,
    }
    body = msgspec.json.encode({"results": [ad]})
    assert without_account(body, SECRETS) == body


def test_a_run_of_signs_too_long_to_look_into_is_not_kept() -> None:
    body = msgspec.json.encode({"title": "aB3" * 400_000, "id": "1"})
    assert msgspec.json.decode(without_account(body, SECRETS)) == {"title": MASK, "id": "1"}


@pytest.mark.parametrize("sign", ["%", "\\", "&", "=", "a-", "aB", "/", "5a4db0c"])
def test_the_time_it_takes_grows_with_the_text_alone(sign: str) -> None:
    body = msgspec.json.encode({"title": f"{sign * 30_000} "})
    assert without_account(body, SECRETS)


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@settings(max_examples=150, deadline=None)
@given(
    before=texts,
    after=texts,
    way=st.sampled_from(sorted(WAYS)),
    secret=st.sampled_from(SECRETS),
    is_ascii=st.booleans(),
)
def test_wherever_it_stands(before: str, after: str, way: str, secret: str, is_ascii: bool) -> None:
    written = WAYS[way](secret)
    text = f"{before} {written} {after}"
    body = json.dumps({"results": [{"title": text}]}, ensure_ascii=is_ascii).encode()
    kept = json.loads(without_account(body, SECRETS))["results"][0]["title"]
    assert written.lower() not in kept.lower()
