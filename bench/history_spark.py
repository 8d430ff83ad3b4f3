"""A question to the history by PySpark's API: ``python -m bench.history_spark s3://… COLUMN…``.

Runs in a Python of its own, which has ``pysail`` and ``pyspark-client``: Sail is a Spark Connect server
without Java, and the job is the one that a Spark cluster runs; only the session is another. How S3 is reached
is read from the environment, as AWS's own tools do. Prints the rows as JSON.
"""

from __future__ import annotations

import argparse
import json
import time
from typing import Any


def offers_and_mean_pay(history: Any, groups: list[str]) -> list[list[Any]]:
    """Return offers, those with a pay, and their mean pay in euros a year, by group, in their order."""
    from pyspark.sql import functions as f

    found = (
        history.groupBy(*groups)
        .agg(
            f.count("*"),
            f.count("salary_mid_eur_per_year"),
            f.avg("salary_mid_eur_per_year"),
        )
        .orderBy(*groups)
    )
    return [list(row) for row in found.collect()]


def main() -> None:
    """Start Sail in this process, run the job, print rows and seconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("location", help="of the table, s3://…")
    parser.add_argument("groups", nargs="+", help="columns")
    options = parser.parse_args()

    from pysail.spark import SparkConnectServer
    from pyspark.sql import SparkSession

    server = SparkConnectServer("127.0.0.1", 0)
    server.start(background=True)
    _, port = server.listening_address
    spark = SparkSession.builder.remote(f"sc://127.0.0.1:{port}").getOrCreate()
    began = time.perf_counter()
    rows = offers_and_mean_pay(spark.read.format("iceberg").load(options.location), options.groups)
    print(json.dumps({"seconds": time.perf_counter() - began, "rows": rows}), flush=True)
    spark.stop()  # at the end of the process it would ask a server that is gone
    server.stop()


if __name__ == "__main__":
    main()
