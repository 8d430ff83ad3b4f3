"""``python -m jobmarket.airflow.doctor``: the examination on a terminal, wherever Airflow is configured.

The exit code is 1 if a line is red, and 2 if Airflow's own database does not answer.
"""

from __future__ import annotations

import os
import sys

ENVIRONMENT = {
    # as the api-server does: without a task around it, Airflow would read only those of the environment
    "_AIRFLOW_PROCESS_CONTEXT": "server",
    # how each connection was found is no line of this
    "AIRFLOW__LOGGING__LOGGING_LEVEL": "WARNING",
}
"""What Airflow finds in the environment when it is imported here."""


def main(arguments: list[str] | None = None) -> int:
    """Print one line a check; return the exit code."""
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
    return int(any(line.state == "red" for line in lines))


if __name__ == "__main__":
    os.environ.update({name: os.environ.get(name, value) for name, value in ENVIRONMENT.items()})
    sys.exit(main())
