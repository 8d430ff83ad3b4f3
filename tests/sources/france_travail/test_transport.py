"""One request against servers that drip, flood or lie about their encoding: raw bytes over a real socket."""

from __future__ import annotations

import gzip
import itertools
import socket
import threading
import time
import zlib
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

import pytest
from jobmarket.foundation.http import decoding, transport
from jobmarket.foundation.http.decoding import Decoder, UnreadableBodyError
from jobmarket.foundation.http.transport import Anonymous, Bearer, Reply, Transport

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

DEADLINE_S = 0.4
HEAD = b"HTTP/1.1 200 OK\r\nConnection: close\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
gzipped = partial(
    gzip.compress, mtime=0
)  # the same bytes, and so the same names of tests, at any time


@contextmanager
def serving(pieces: Iterable[bytes], pause_s: float = 0.0) -> Iterator[str]:
    """Answer one connection with these pieces, a pause between them."""
    listener = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with connection:
            connection.recv(65_536)
            try:
                for piece in pieces:
                    connection.sendall(piece)
                    if pause_s and over.wait(pause_s):
                        return
            except OSError:
                return

    over = threading.Event()
    thread = threading.Thread(target=answer)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        over.set()
        listener.shutdown(socket.SHUT_RDWR)  # wakes a server that nobody asked
        listener.close()
        thread.join()


def ask(url: str) -> Reply:
    client = Transport(1, connect_timeout_s=1, read_timeout_s=0.3, deadline_s=DEADLINE_S)
    try:
        return client.get(url, Anonymous())
    finally:
        client.close()


def forever(*pieces: bytes) -> Iterator[bytes]:
    """Yield the first pieces once, the last one for ever."""
    return itertools.chain(pieces[:-1], itertools.repeat(pieces[-1]))


@pytest.mark.parametrize(
    "pieces",
    [
        forever(b"H"),
        forever(b"HTTP/1.1 100 Continue\r\n\r\n"),
        forever(b"HTTP/1.1 103 Early Hints\r\n", b"Link: </a>\r\n"),
        forever(HEAD, b"X-A: b\r\n"),
        forever(HEAD + b"X-Long: ", b"a"),
        forever(HEAD + b"\r\n", b" "),
        forever(HEAD + b"Content-Length: 1000000\r\n\r\n", b" "),
        forever(CHUNKED, b"1\r\n \r\n"),
        forever(CHUNKED, b"0"),
        forever(CHUNKED + b"1;ext=", b"x"),
        forever(CHUNKED + b"0\r\n", b"X-Trailer: a\r\n"),
        forever(HEAD + b"Content-Encoding: gzip\r\n\r\n" + gzipped(b"x")[:-1], b""),
    ],
    ids=[
        "status line",
        "100 Continue",
        "early hints",
        "headers",
        "one header",
        "body",
        "body of a length",
        "chunks",
        "chunk size",
        "chunk extension",
        "trailers",
        "nothing more",
    ],
)
def test_whatever_drips_ends_at_the_deadline_of_the_request(pieces: Iterator[bytes]) -> None:
    began = time.monotonic()
    with serving(pieces, pause_s=0.02) as url:
        reply = ask(url)
        seconds = time.monotonic() - began
    assert reply.status == 0
    assert seconds < DEADLINE_S + 0.5
    silent = {"ConnectionError", "ReadTimeout", "ReadTimeoutError"}
    assert reply.problem in {"no whole answer within 0 s", *silent}


@pytest.mark.parametrize(
    ("pieces", "problem"),
    [
        (forever(HEAD, b"X-A: " + b"a" * 8000 + b"\r\n"), "headers of more than 65536 bytes"),
        (forever(b"HTTP/1.1 100 Continue\r\n\r\n" * 1000), "headers of more than 65536 bytes"),
        (forever(CHUNKED + b"0\r\n", b"X-T: a\r\n" * 10_000), "an answer of more than"),
        (forever(CHUNKED + b"1;", b"x" * 1_000_000), "ProtocolError"),
        (forever(HEAD + b"\r\n", b" " * 1_000_000), "a body of more than"),
    ],
    ids=["headers", "100 Continue", "trailers", "chunk extension", "body"],
)
def test_a_flood_ends_at_its_bound(
    pieces: Iterator[bytes], problem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decoding, "LARGEST_BODY_BYTES", 3_000_000)
    monkeypatch.setattr(transport, "LARGEST_MESSAGE_BYTES", 4_000_000)
    with serving(pieces) as url:
        client = Transport(1, connect_timeout_s=1, read_timeout_s=1, deadline_s=20)
        reply = client.get(url, Anonymous())
        client.close()
    assert reply.status == 0
    assert reply.problem.startswith(problem)


def answer_of(encoding: str, body: bytes) -> bytes:
    return (
        HEAD
        + f"Content-Encoding: {encoding}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        + body
    )


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzipped(b"[1]")),
        ("GZIP", gzipped(b"[1]")),
        ("x-gzip", gzipped(b"[1]")),
        ("identity", b"[1]"),
        ("", b"[1]"),
        ("gzip", gzipped(b"[") + gzipped(b"1]")),
    ],
)
def test_a_body_is_decoded_once(encoding: str, body: bytes) -> None:
    with serving([answer_of(encoding, body)]) as url:
        assert ask(url).body == b"[1]"


@pytest.mark.parametrize(
    ("encoding", "body", "problem"),
    [
        ("gzip, gzip", gzipped(gzipped(b"[]")), "encoded as 'gzip, gzip'"),
        ("gzip,identity,gzip", b"", "encoded as 'gzip,identity,gzip'"),
        ("br", b"x", "encoded as 'br'"),
        ("zstd", b"x", "encoded as 'zstd'"),
        ("deflate", zlib.compress(b"[]"), "encoded as 'deflate'"),
        ("\x1b[31mgzip", b"x", "encoded as '[31mgzip'"),
        ("gzip", b"[]", "no gzip, though it says so"),
        ("gzip", gzipped(b"[]")[:-4], "whose end is missing"),
        ("gzip", gzipped(b"[]") + b"rubbish", "no gzip, though it says so"),
        ("gzip", gzipped(b"") * 2000, "of more than 1000 members"),
        ("gzip", gzipped(bytes(5_000_000)), "a body of more than 3000000 bytes"),
        ("gzip", gzipped(bytes(1_600_000)) * 2, "a body of more than 3000000 bytes"),
    ],
)
def test_an_encoding_that_cannot_be_taken_is_named(
    encoding: str, body: bytes, problem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decoding, "LARGEST_BODY_BYTES", 3_000_000)
    with serving([answer_of(encoding, body)]) as url:
        reply = ask(url)
    assert reply.status == 0
    assert problem in reply.problem


def test_a_bomb_is_not_unpacked_beyond_its_bound() -> None:
    bomb = zlib.compressobj(1, wbits=31)
    packed = b"".join(bomb.compress(bytes(1 << 24)) for _ in range(8)) + bomb.flush()
    decoder = Decoder("gzip")
    with pytest.raises(UnreadableBodyError, match="more than 33554432 bytes"):
        decoder.feed(packed)
    assert len(decoder._body) == decoding.LARGEST_BODY_BYTES + 1


def test_a_chunked_answer_with_trailers_is_whole() -> None:
    with serving([CHUNKED + b"3\r\n[1]\r\n0\r\nX-T: a\r\n\r\n"]) as url:
        assert ask(url).body == b"[1]"


@pytest.mark.parametrize("length", ["9" * 5000, "-5", "x", "1e3"])
def test_a_length_that_is_no_number_does_no_harm(length: str) -> None:
    with serving([HEAD + f"Content-Length: {length}\r\n\r\n[1]".encode()]) as url:
        assert ask(url).status in (0, 200)


def test_a_proxy_that_drips_ends_at_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    began = time.monotonic()
    with serving(forever(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n"), pause_s=0.02) as url:
        monkeypatch.setenv("HTTPS_PROXY", url)
        monkeypatch.setenv("NO_PROXY", "")
        reply = ask("https://api.invalid/")
        assert time.monotonic() - began < DEADLINE_S + 1
    assert reply.status == 0


def test_a_handshake_that_drips_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    began = time.monotonic()
    with serving(forever(b"\x16\x03\x03\x40\x00", b"\x02"), pause_s=0.02) as url:
        client = Transport(1, connect_timeout_s=0.3, read_timeout_s=0.3, deadline_s=DEADLINE_S)
        reply = client.get(url.replace("http:", "https:"), Anonymous())
        client.close()
        assert time.monotonic() - began < 2
    assert reply.status == 0


@pytest.mark.parametrize("token", ["a\r\nX-Evil: 1", "a\nb", "a\x00b", "é" * 3, "\udc80"])
def test_a_header_that_cannot_be_sent_is_no_traceback(token: str) -> None:
    client = Transport(1, connect_timeout_s=1, read_timeout_s=0.2, deadline_s=0.3)
    with serving([HEAD + b"Content-Length: 0\r\n\r\n"]) as url:
        reply = client.get(url, Bearer(token))
    client.close()
    assert token not in reply.problem


def test_headers_of_a_server_do_not_reach_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    with serving([HEAD + b"plant3d-in-header\r\nContent-Length: 2\r\n\r\n[]"]) as url:
        ask(f"{url}/path")
    assert "plant3d" not in caplog.text


def test_a_connection_is_kept_for_the_next_request() -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n[1]"
    listener = socket.create_server(("127.0.0.1", 0))
    accepted = []

    def answer_two() -> None:
        connection, _ = listener.accept()
        with connection:
            accepted.append(connection)
            for _ in range(2):
                connection.recv(65_536)
                connection.sendall(answer)

    thread = threading.Thread(target=answer_two)
    thread.start()
    client = Transport(1, connect_timeout_s=1, read_timeout_s=1, deadline_s=2)
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    assert [client.get(url, Anonymous()).body for _ in range(2)] == [b"[1]", b"[1]"]
    client.close()
    thread.join()
    listener.close()
    assert len(accepted) == 1
