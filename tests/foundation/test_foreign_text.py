"""What may enter a message of what a server said, and what a connection hides from all messages."""

from __future__ import annotations

import html
import json
from base64 import b64encode, urlsafe_b64encode
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jobmarket.foundation.foreign_text import HIDDEN, LONGEST_READ, clean, spellings
from jobmarket.foundation.known_secrets import secrets_of

SECRETS = ["s3cr3t-of-client", 'q"uo\\te/d pass', "motdepasse-é-€", "100%&<x>='+\tend", "😀emoji😀"]


def base64_in(before: str, after: str = "") -> Any:
    return lambda text: b64encode(f"{before}{text}{after}".encode()).decode()


SPELLINGS = {
    "plain": str,
    "quote": quote,
    "quote all": lambda text: quote(text, safe=""),
    "quote plus": quote_plus,
    "quote lower": lambda text: quote(text, safe="").lower() if text.islower() else quote(text),
    "quoted twice": lambda text: quote(quote(text, safe=""), safe=""),
    "every byte": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()),
    "json": lambda text: json.dumps(text)[1:-1],
    "json in unicode": lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    "json twice": lambda text: json.dumps(json.dumps(text))[3:-3],
    "json with slashes": lambda text: json.dumps(text)[1:-1].replace("/", "\\/"),
    "json all": lambda text: "".join(
        f"\\u{text.encode('utf-16-be').hex()[at : at + 4]}"
        for at in range(0, 2 * len(text.encode("utf-16-be")), 4)
    ),
    "repr": lambda text: repr(text)[1:-1],
    "ascii": lambda text: ascii(text)[1:-1],
    "bytes": lambda text: repr(text.encode())[2:-1],
    "latin-1": lambda text: text.encode().decode("latin-1"),
    "html": html.escape,
    "html decimal": lambda text: "".join(f"&#{ord(sign)};" for sign in text),
    "html hexadecimal": lambda text: "".join(f"&#X{ord(sign):04X};" for sign in text),
    "base64": base64_in(""),
    "base64 of login": base64_in("user:"),
    "base64 of a longer login": base64_in("users:"),
    "base64 inside": base64_in("a:", ";more"),
    "base64 for urls": lambda text: urlsafe_b64encode(f"u:{text}".encode()).decode(),
    "hex": lambda text: text.encode().hex(),
    "HEX": lambda text: text.encode().hex().upper(),
    "hex with colons": lambda text: text.encode().hex(":"),
    "a blank inside": lambda text: f"{text[:4]}\u200b{text[4:]}",
    "an escape inside": lambda text: f"{text[:4]}\u202e\u2060{text[4:]}",
}


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_secret_is_hidden_in_every_spelling(secret: str, spelling: str) -> None:
    text = SPELLINGS[spelling](secret)
    shown = clean(f"before {text} after", [secret])
    if spelling.startswith("base64 "):  # the login before it may be seen
        before, _, rest = shown.removeprefix("before ").partition(HIDDEN)
        assert text.startswith(before)
        assert (len(before), len(rest)) <= (10, len(" after") + 10)
    else:
        assert shown == f"before {HIDDEN} after"


@given(st.text(min_size=4, max_size=40), st.sampled_from(sorted(SPELLINGS)), st.text(), st.text())
def test_whatever_the_secret_no_word_of_it_is_left(
    secret: str, spelling: str, before: str, after: str
) -> None:
    try:
        text = SPELLINGS[spelling](secret)
    except UnicodeEncodeError:
        return
    shown = clean(f"{before}|{text}|{after}", [secret], None)
    assert text not in shown or text in HIDDEN + before + after or not text.isprintable()
    assert shown.isprintable()


def test_the_longest_of_two_secrets_is_hidden_whole() -> None:
    assert clean("a longer-secret b", ["secret", "longer-secret"]) == f"a {HIDDEN} b"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("two\nlines\r\n\tand a tab", "two lines and a tab"),
        ("\x1b[31mred\x1b[0m", "[31mred [0m"),
        ("bell\x07 null\x00 del\x7f c1\x9b31m", "bell null del c1 31m"),
        ("left\u202eright\u2066\u2069", "leftright"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("half \ud83d emoji", "half emoji"),
        ("line\u2028sep\u2029par", "line sep par"),
        ("private \ue000 unassigned \U000e0041", "private unassigned"),
        ("élève à 100 %", "élève à 100 %"),
        ("", ""),
        (None, "None"),
        ("http://u:p@host:8080/path?key=v#f tail", "http://host:8080/path tail"),
        ("postgresql://u:p@h/db?sslpassword=x", "postgresql://h/db"),
        ("(https://a.b/c?x=1)", "(https://a.b/c"),
        ("no URL: a?b=c and me@home", "no URL: a?b=c and me@home"),
    ],
)
def test_a_foreign_text_is_one_printable_line(text: Any, shown: str) -> None:
    assert clean(text) == shown


def test_a_long_text_is_cut_after_it_was_cleaned() -> None:
    secret = "s3cr3t-of-client"
    for before in range(170, 201):
        shown = clean("x" * before + secret + "y" * 50, [secret])
        assert len(shown) <= 200
        assert "s3c" not in shown
    # where reading ends, half a secret may stand: it is not shown either
    many = f"{secret} " * (LONGEST_READ // (len(secret) + 1)) + secret
    assert "s3c" not in clean(many, [secret], None)


def test_cleaning_is_linear() -> None:
    for hostile in ("%" * 10**6, "\\" * 10**6, "A" * 10**6, "a://" * 10**5, "&#0" * 10**5):
        assert len(clean(hostile, SECRETS)) <= 200


def test_spellings_hold_what_programs_write() -> None:
    for secret in SECRETS:
        known = spellings(secret)
        assert {secret, quote(secret, safe=""), b64encode(secret.encode()).decode()} <= known


def connection(**fields: Any) -> Any:
    names = ("host", "schema", "login", "password")
    empty: dict[str, Any] = {**dict.fromkeys(names), "extra_dejson": {}}
    return SimpleNamespace(**(empty | fields))


@pytest.mark.parametrize(
    ("fields", "secrets"),
    [
        ({}, set()),
        ({"password": "motdepasse"}, {"motdepasse"}),
        ({"login": "jobmarket", "schema": "warehouse"}, set()),
        ({"login": "PAR_application_0123456789"}, {"PAR_application_0123456789"}),
        ({"host": "https://user:p%40ss@api"}, {"user", "p@ss", "user:p%40ss"}),
        ({"host": "api?key=valeur"}, {"valeur"}),
        ({"host": "https://[broken"}, set()),
        (
            {"extra_dejson": {"token_url": "https://t/x?realm=%2Fpartenaire&key=clef-secrete"}},
            {"clef-secrete"},
        ),
        ({"extra_dejson": {"region_name": "eu-west-3", "sslmode": "verify-full"}}, set()),
        ({"extra_dejson": {"a": {"b": ["aws-session-token"]}, "n": 3}}, {"aws-session-token"}),
        ({"extra_dejson": ["in-a-list"]}, {"in-a-list"}),
    ],
)
def test_what_is_secret_in_a_connection(fields: dict[str, Any], secrets: set[str]) -> None:
    assert secrets_of(connection(**fields)) == secrets
