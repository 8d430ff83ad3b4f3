"""Copied to ``$AIRFLOW_HOME/config/airflow_local_settings.py``, which every process of Airflow imports first.

LocalExecutor forks its workers from the scheduler, so that what the scheduler imports here costs no task
anything.
"""

import sys

from jobmarket.foundation.known_secrets import hush_clients

# a worker of Celery loads no plugin in the process that lands the log of a task in S3
hush_clients()

if "scheduler" in sys.argv:
    import airflow.providers.amazon.aws.hooks.s3
    import airflow.providers.postgres.hooks.postgres
    import boto3
    import matplotlib.figure
    import pandas
    import psycopg
    from jobmarket.sources.registry import make_ready

    make_ready()  # readers, names of places and technologies: built once for all loads
