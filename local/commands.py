"""The commands behind ``make run``, ``demo``, ``forget``, ``migrate``, ``doctor``, ``up`` and so on.

What lives here: what a person at a terminal sees. What does not: the life of the processes (``supervisor``),
which parts there are (``stack``), how Airflow is set up (``airflow_setup``), the run itself (``once``), the
demonstration (``demo``).
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from local import airflow_setup, kept, stack
from local.health import states, wait_for_all
from local.process import ServiceError, end_of
from local.supervisor import exists, serve, supervisor_lock, supervisor_pid
from sandbox.places import private_directory

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

STOP_TIMEOUT_S = 60
# What every part needs to answer again after one of them died.
RECOVERY_S = 90


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m local.commands", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="run the daily job once, through Airflow")
    yesterday = datetime.now(ZoneInfo("Europe/Paris")).date() - timedelta(days=1)
    run.add_argument("--day", default=str(yesterday), help="YYYY-MM-DD (default: yesterday, Paris)")
    commands.add_parser("demo", help="load five weeks of a small market and write its reports")
    forget = commands.add_parser("forget", help="count what there is of a day, or delete it")
    forget.add_argument("--day", required=True, help="YYYY-MM-DD")
    forget.add_argument("--yes", action="store_true", help="delete it")
    history = commands.add_parser("history", help="ask the history a question, with DuckDB")
    history.add_argument(
        "--sql", help="DuckDB's, over the view `history` (default: month by month)"
    )
    commands.add_parser("migrate", help="bring the warehouse up to date, as its owner")
    doctor = commands.add_parser("doctor", help="look at the place it runs in, a line a check")
    doctor.add_argument(
        "--evidence",
        action="store_true",
        help="also ask France Travail how it answers what is assumed of it, and write that down",
    )
    commands.add_parser("up", help="start Airflow's UI and scheduler on the embedded parts")
    commands.add_parser("status", help="say which part answers")
    commands.add_parser("down", help="stop all of it")
    commands.add_parser("clean", help="stop all of it and remove its data")
    commands.add_parser("serve", help="what `up` leaves in the background")
    cli = commands.add_parser("airflow", help="run an Airflow command on what `up` started")
    cli.add_argument("arguments", nargs=argparse.REMAINDER)
    options = parser.parse_args(arguments)
    try:
        if options.command == "run":
            return run_once(options.day)
        if options.command == "forget":
            return forget_once(options.day, delete=options.yes)
        if options.command == "history":
            return ask_history(options.sql)
        if options.command == "doctor":
            return examine(has_evidence=options.evidence)
        if options.command == "airflow":
            return airflow(options.arguments)
        found = {
            "demo": demo,
            "migrate": migrate,
            "up": up,
            "status": status,
            "down": down,
            "clean": clean,
            "serve": serve,
        }
        return found[options.command]()
    except ServiceError as error:
        print(error, file=sys.stderr)
        return 1


def run_once(asked: str) -> int:
    """Run the DAG for a day and print what came of it."""
    if (day := written_day(asked)) is None:
        return 2
    say = Progress()
    with stack_for_a_command() as ports:
        os.environ.update(airflow_setup.airflow_environment(ports))
        say("PostgreSQL, S3 and the France Travail sandbox answer")
        from local.once import run_day

        return run_day(day, ports, say)


def demo() -> int:
    """Load five weeks of a small, lively market and print which pages to look at."""
    from local.demo import OPTIONS, run_demo

    os.environ["SANDBOX_OPTIONS"] = OPTIONS
    say = Progress()
    with stack_for_a_command() as ports:
        os.environ.update(airflow_setup.airflow_environment(ports))
        say("PostgreSQL, S3 and the France Travail sandbox answer")
        return run_demo(ports, say)


def forget_once(asked: str, *, delete: bool) -> int:
    """Count what there is of a day, or delete it."""
    if (day := written_day(asked)) is None:
        return 2
    with stack_for_a_command() as ports:
        os.environ.update(airflow_setup.airflow_environment(ports))
        from local.once import forget_day

        return forget_day(day, ports, delete=delete)


def written_day(text: str) -> str | None:
    """Return a day as ``2026-11-18``; None if it is none, which is said before any part is started."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        print(f"DAY must be a day like 2026-11-18, but is {text!r}", file=sys.stderr)
        return None


def ask_history(question: str | None) -> int:
    """Write the days that the history lacks, and print what it answers."""
    from local.history import QUESTION

    with stack_for_a_command() as ports:
        os.environ.update(airflow_setup.airflow_environment(ports))
        from local import once

        return once.ask_history(question or QUESTION, ports)


def migrate() -> int:
    """Bring the warehouse up to date: the embedded one, or the one that the connections lead to."""
    say = Progress()
    with stack_for_a_command() as ports:
        os.environ.update(airflow_setup.airflow_environment(ports))
        from local.once import migrate_once

        return migrate_once(ports, say)


def examine(*, has_evidence: bool) -> int:
    """Look at the place: the embedded parts, or what the connections lead to."""
    with stack_for_a_command() as ports:
        from jobmarket.airflow.doctor.__main__ import ENVIRONMENT

        os.environ.update({**ENVIRONMENT, **airflow_setup.airflow_environment(ports)})
        from local.once import examine_place

        return examine_place(ports, has_evidence=has_evidence)


class Progress:
    """Print lines with the seconds since the command was given."""

    def __init__(self) -> None:
        self.started = time.monotonic()
        # a copy: it goes on to the terminal when the standard streams are sent elsewhere
        self.terminal = os.fdopen(os.dup(1), "w", buffering=1)

    def __call__(self, text: str) -> None:
        """Print one line."""
        print(f"{time.monotonic() - self.started:6.1f} s  {text}", file=self.terminal)


@contextmanager
def stack_for_a_command() -> Iterator[kept.Ports]:
    """Give the ports of the stack that runs, or of one that lives as long as the command."""
    with supervisor_lock() as lock:
        if lock is None:
            yield kept.Ports.last()
            return
        ports = kept.Ports.kept()
        with stack.running(ports):
            yield ports


def up() -> int:
    """Start everything in the background; return when the UI answers."""
    say = Progress()
    if supervisor_pid() is None:
        with private_directory(kept.STATE).joinpath("supervisor.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "local.commands", "serve"],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                cwd=kept.REPOSITORY,
                start_new_session=True,
            )
        assert process.stdout is not None  # noqa: S101
        for line in process.stdout:
            say(line.decode().rstrip())
        if supervisor_pid() is None:
            print(f"It did not start. {last_words()}", file=sys.stderr)
            return 1
    found = wait_for_all(kept.Ports.last(), RECOVERY_S)
    if not all(found.values()):
        print("\n".join(table_of(found)), file=sys.stderr)
        print(f"\n{advice(found)}", file=sys.stderr)
        return 1
    address = kept.ui_address(kept.Ports.last())
    print(f"\n  Airflow   {address}/\n  login     {kept.UI_USER} / {kept.ui_password()}")
    print("  stop      make down")
    return 0


def status() -> int:
    """Say which part answers; the exit code is 0 only if each does."""
    if supervisor_pid() is None:
        print(f"Nothing is running: `make up` starts it. {last_words()}".rstrip())
        return 1
    ports = kept.Ports.last()
    found = states(ports)
    print("\n".join(table_of(found)))
    if not all(found.values()):
        print(f"\n{advice(found)}")
        return 1
    print(f"\n  Airflow   {kept.ui_address(ports)}/")
    return 0


def table_of(found: dict[str, bool]) -> list[str]:
    """Return one line a part."""
    return [
        f"  {name:<14} {'answers' if answers else 'does not answer'}"
        for name, answers in found.items()
    ]


def advice(found: dict[str, bool]) -> str:
    """Return what to do about parts that do not answer."""
    named = " and ".join(name for name, answers in found.items() if not answers)
    return (
        f"{named} gave no answer. A part that died is started again within a minute: look again with `make "
        f"status`. If it stays so, see {kept.STATE / 'supervisor.log'}, then `make down` and `make up`."
    )


def last_words() -> str:
    """Return what the supervisor said last, if it ended by itself."""
    log = kept.STATE / "supervisor.log"
    said = end_of(log, 1) if log.exists() else ""
    return f"The end of {log}: {said}" if said else ""


def down() -> int:
    """Stop the stack; return when no process of it is left."""
    pid = supervisor_pid()
    if pid is None:
        print("Nothing is running.")
        return 0
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + STOP_TIMEOUT_S
    while exists(pid):
        if time.monotonic() > deadline:
            print(f"Process {pid} goes on: see {kept.STATE / 'supervisor.log'}", file=sys.stderr)
            return 1
        time.sleep(0.1)
    print("Stopped.")
    return 0


def clean() -> int:
    """Stop the stack and remove its data."""
    if code := down():
        return code
    kept.remove()
    return 0


def airflow(arguments: Sequence[str]) -> int:
    """Become an Airflow command on the running stack."""
    if supervisor_pid() is None:
        raise ServiceError("Nothing is running: `make up` first.")
    os.environ.update(airflow_setup.airflow_environment(kept.Ports.last()))
    os.execv(sys.executable, [sys.executable, "-m", "airflow", *arguments])  # noqa: S606


if __name__ == "__main__":
    sys.exit(main())
