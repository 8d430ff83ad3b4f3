"""``python -m jobmarket.airflow.doctor``: the examination on a terminal, wherever Airflow is configured.

The exit code is 1 if a line is red, and 2 if Airflow's own database does not answer.
"""

from __future__ import annotations

import logging
import os
import sys

# as the api-server does: without a task around it, Airflow would look for connections in the environment only
os.environ.setdefault("_AIRFLOW_PROCESS_CONTEXT", "server")


def main(arguments: list[str] | None = None) -> int:
    """Print one line a check; return the exit code."""
    from sqlalchemy.exc import SQLAlchemyError

    from jobmarket.airflow.doctor.examine import examine
    from jobmarket.airflow.doctor.line import summary, written
    from jobmarket.airflow.doctor.platform import pools_of_airflow
    from jobmarket.foundation.known_secrets import redacted

    try:
        pools = pools_of_airflow()
    except SQLAlchemyError as error:
        # its text holds the statement and, of some drivers, the address
        sys.stderr.write(
            f"Airflow's own database does not answer ({redacted(type(error).__name__)}): correct "
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN and run `airflow db migrate`.\n"
        )
        return 2
    logging.disable(logging.INFO)  # how each connection was found is no line of this
    try:
        lines = examine(pools)
    finally:
        logging.disable(logging.NOTSET)
    for text in written(lines, is_coloured=sys.stdout.isatty()):
        sys.stdout.write(f"{text}\n")
    sys.stdout.write(f"\n{summary(lines)}.\n")
    return int(any(line.state == "red" for line in lines))


if __name__ == "__main__":
    sys.exit(main())
