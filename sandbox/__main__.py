"""`python -m sandbox`: serve the France Travail API from this machine.

What lives here: the start and the end of the server. Its options are in ``arguments``.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from sandbox.arguments import parser, settings_of
from sandbox.server import App, listen, server_of, url_of

if TYPE_CHECKING:
    import socket
    from collections.abc import Sequence

    import uvicorn


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until interrupted; return the exit code."""
    made = parser()
    try:
        settings = settings_of(made.parse_args(argv))
        app = App(settings)
        listener = listen(settings)
    except (ValueError, OSError) as error:
        made.error(str(error))
    print(f"sandbox listening on {url_of(listener)}", flush=True)
    _serve(server_of(app), listener)
    return 0


def _serve(server: uvicorn.Server, listener: socket.socket) -> None:
    try:
        server.run([listener])
    except KeyboardInterrupt:
        pass  # uvicorn has already shut down in good order; the person wanted the end
    finally:
        listener.close()


if __name__ == "__main__":
    sys.exit(main())
