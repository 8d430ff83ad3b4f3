"""What the laptop stack keeps from one start to the next: ports, passwords, and the addresses made of them.

What lives here: where that is kept, and how it is made at the first start. What does not: the parts that use
it (``stack``), the Airflow beside them (``airflow_setup``).
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import socket
from dataclasses import asdict, dataclass
from pathlib import Path

from local.process import LOOPBACK, ServiceError, free_port
from sandbox.places import postgres_directory, private_directory, write_private

REPOSITORY = Path(__file__).parents[1]
STATE = Path(os.environ.get("JOBMARKET_STATE", REPOSITORY / ".local"))
# each with an account of the same name that owns it, and is no superuser
DATABASES = ("airflow", "warehouse")
# who uses the warehouse beside its owner: an account, and what it may do there
TASKS, ANALYST = "warehouse_tasks", "warehouse_analyst"
MEMBERS = {TASKS: ("jobmarket_loader", "jobmarket_reporter"), ANALYST: ("jobmarket_reader",)}
UI_PORT = 8080
UI_USER = "admin"


@dataclass(frozen=True)
class Ports:
    """The ports of the parts on loopback; kept, so that addresses stay the same from run to run."""

    postgres: int
    s3: int
    sandbox: int
    ui: int
    catalog: int

    @classmethod
    def kept(cls) -> Ports:
        """Read the ports of the last start, or choose anew if there are none or one is taken."""
        file = STATE / "ports.json"
        if file.exists():
            ports = cls.last()
            if not any(_is_taken(port) for port in asdict(ports).values()):
                write_private(file, json.dumps(asdict(ports)))
                return ports
        ui = UI_PORT if not _is_taken(UI_PORT) else free_port()
        ports = cls(free_port(), free_port(), free_port(), ui, free_port())
        private_directory(STATE)
        write_private(file, json.dumps(asdict(ports)))
        return ports

    @classmethod
    def last(cls) -> Ports:
        """Read the ports of the last start."""
        # a stack of before there was a history has no port for its catalog
        return cls(**{"catalog": free_port(), **json.loads((STATE / "ports.json").read_text())})


def keys() -> dict[str, str]:
    """Return what Airflow's components share and the passwords of the parts, made at the first call."""
    from cryptography.fernet import Fernet

    file = STATE / "keys.json"
    if not file.exists():
        keys = {"fernet": Fernet.generate_key().decode()}
        keys |= {name: secrets.token_hex(32) for name in ("api", "jwt")}
        keys |= {name: secrets.token_hex(16) for name in ("s3", *DATABASES)}
        private_directory(STATE)
        write_private(file, json.dumps(keys))
    kept: dict[str, str] = json.loads(file.read_text())
    new = {name: secrets.token_hex(16) for name in MEMBERS if name not in kept}
    if not {"s3", *DATABASES} <= kept.keys():
        raise ServiceError(
            f"{STATE} was made by an earlier version, whose passwords were known to all: `make clean` "
            f"removes it with what it holds, then start again."
        )
    if new:  # the accounts came later than the others
        kept |= new
        write_private(file, json.dumps(kept))
    return kept


def warehouse_address(ports: Ports, account: str = "warehouse") -> str:
    """Return the address of the warehouse for one of its accounts, its owner by default, ``postgresql://…``."""
    return f"postgresql://{account}:{keys()[account]}@{LOOPBACK}:{ports.postgres}/warehouse"


def ui_address(ports: Ports) -> str:
    """Return where a browser finds the UI: below a path that no other checkout has.

    Browsers keep cookies by host and path, whatever the port: two checkouts at one path would log each other
    out.
    """
    checkout = hashlib.sha256(str(STATE.resolve()).encode()).hexdigest()[:6]
    return f"http://{LOOPBACK}:{ports.ui}/jobmarket-{checkout}"


def ui_password() -> str:
    """Return the password of the UI's user, made at the first call."""
    file = STATE / "passwords.json"
    if not file.exists():
        write_private(file, json.dumps({UI_USER: secrets.token_urlsafe(9)}))
    return str(json.loads(file.read_text())[UI_USER])


def remove() -> None:
    """Remove all data of the parts, which must not run."""
    shutil.rmtree(postgres_directory(STATE / "postgres"), ignore_errors=True)
    shutil.rmtree(STATE, ignore_errors=True)


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((LOOPBACK, port)) == 0
