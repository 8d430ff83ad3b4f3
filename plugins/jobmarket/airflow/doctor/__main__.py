"""``python -m jobmarket.airflow.doctor``: the examination on a terminal, wherever Airflow is configured.

The exit code is 1 if a line is red, and 2 if Airflow's own database does not answer.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from jobmarket.foundation.known_secrets import redacted

ENVIRONMENT = {
    # as the api-server does: without a task around it, Airflow would read only those of the environment
    "_AIRFLOW_PROCESS_CONTEXT": "server",
    # how each connection was found is no line of this
    "AIRFLOW__LOGGING__LOGGING_LEVEL": "WARNING",
}
"""What Airflow finds in the environment when it is imported here."""


def main(arguments: list[str] | None = None) -> int:
    """Print one line a check; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m jobmarket.airflow.doctor")
    parser.add_argument(
        "--evidence",
        metavar="DIRECTORY",
        help="also ask France Travail how it answers what is assumed of it, and write that down there",
    )
    options = parser.parse_args(arguments)
    from sqlalchemy.exc import SQLAlchemyError

    from jobmarket.airflow.doctor.examine import examine
    from jobmarket.airflow.doctor.line import summary, written
    from jobmarket.airflow.doctor.platform import pools_of_airflow

    try:
        pools = pools_of_airflow()
    except SQLAlchemyError as error:
        # not its text: it holds the statement and, of some drivers, the address
        sys.stderr.write(
            f"Airflow's own database does not answer ({type(error).__name__}): correct "
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN and run `airflow db migrate`.\n"
        )
        return 2
    lines = examine(pools)
    for text in written(lines, is_coloured=sys.stdout.isatty()):
        sys.stdout.write(f"{text}\n")
    sys.stdout.write(f"\n{summary(lines)}.\n")
    is_red = any(line.state == "red" for line in lines)
    return max(int(is_red), _ask_for_evidence(options.evidence) if options.evidence else 0)


def _ask_for_evidence(directory: str) -> int:
    """Write the evidence and print what differs; return the exit code: what differs is no failure."""
    from jobmarket.airflow.doctor.evidence import write_evidence
    from jobmarket.foundation.errors import JobMarketError

    try:
        record, file = write_evidence(Path(directory))
    except JobMarketError as error:
        sys.stderr.write(f"{redacted(error, None)}\n")
        return 1
    for one in record.differing:
        sys.stdout.write(f"differs: {one.name}: {one.met}; change {one.where}\n")
    sys.stdout.write(
        f"\n{len(record.differing)} of {len(record.findings)} assumptions differ, asked in {record.requests} "
        f"requests: {file}\n"
    )
    return 0


if __name__ == "__main__":
    os.environ.update({name: os.environ.get(name, value) for name, value in ENVIRONMENT.items()})
    sys.exit(main())
