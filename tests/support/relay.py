"""A network between a task and a server that can be told to misbehave."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Mode = Literal["pass", "refuse", "slow", "lose answers", "busy"]
_VERBS = (b"PUT ", b"GET ", b"POST ", b"HEAD ", b"DELETE ")
_BUSY = b"HTTP/1.1 503 Slow Down\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Relay:
    """Passes bytes between clients and one server of this machine.

    ``mode`` may be changed at any time: ``refuse`` closes what connects, ``slow`` holds each answer back,
    ``lose answers`` cuts every fifth connection after the server has answered a PUT, ``busy`` answers every
    fourth request with 503 itself.

    :param port: of the server.
    """

    def __init__(self, port: int) -> None:
        self._target = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.mode: Mode = "pass"
        self.hits = 0
        """How often it misbehaved."""
        self._requests = self._sent = 0
        self._trigger: tuple[int, Callable[[], object]] | None = None
        self._open: set[socket.socket] = set()
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        """Return its address, for a server that speaks HTTP."""
        return f"http://127.0.0.1:{self.port}"

    def after(self, sent_bytes: int, do: Callable[[], object]) -> None:
        """Do something once, in a thread, when clients have sent so many bytes more."""
        self._trigger = (self._sent + sent_bytes, do)

    def cut(self) -> None:
        """Close all connections that are open."""
        self.hits += 1
        for end in list(self._open):
            _close(end)

    def away_for(self, seconds: float) -> None:
        """Cut all connections and refuse new ones for a while."""
        self.mode = "refuse"
        self.cut()
        time.sleep(seconds)
        self.mode = "pass"

    def close(self) -> None:
        """End."""
        _close(self._listener)
        self.cut()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                if self.mode == "refuse":
                    self.hits += 1
                    _close(client)
                    continue
                try:
                    server = socket.create_connection(("127.0.0.1", self._target))
                except OSError:
                    _close(client)
                    continue
                self._open |= {client, server}
                state = {"verb": b""}
                for pump in (self._up, self._down):
                    threading.Thread(target=pump, args=(client, server, state), daemon=True).start()

    def _up(self, client: socket.socket, server: socket.socket, state: dict[str, bytes]) -> None:
        with suppress(OSError):
            while data := client.recv(65_536):
                if data.startswith(_VERBS):
                    state["verb"] = data[:4]
                    self._requests += 1
                    if self.mode == "busy" and self._requests % 4 == 0:
                        self.hits += 1
                        client.sendall(_BUSY)
                        break
                self._sent += len(data)
                if self._trigger and self._sent >= self._trigger[0]:
                    do, self._trigger = self._trigger[1], None
                    threading.Thread(target=do, daemon=True).start()
                server.sendall(data)
        self._end(client, server)

    def _down(self, client: socket.socket, server: socket.socket, state: dict[str, bytes]) -> None:
        with suppress(OSError):
            while data := server.recv(65_536):
                if self.mode == "slow":
                    self.hits += 1
                    time.sleep(0.15)
                is_written = state["verb"] == b"PUT " and data.startswith(b"HTTP/1.1 200")
                if self.mode == "lose answers" and is_written and self._requests % 5 == 0:
                    self.hits += 1
                    break
                client.sendall(data)
        self._end(client, server)

    def _end(self, *ends: socket.socket) -> None:
        for end in ends:
            _close(end)
        self._open -= set(ends)


def _close(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    with suppress(OSError):
        end.close()


@contextmanager
def relaying(port: int) -> Iterator[Relay]:
    """Give a relay to a port of this machine."""
    relay = Relay(port)
    try:
        yield relay
    finally:
        relay.close()
