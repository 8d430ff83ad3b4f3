"""Copied to ``$AIRFLOW_HOME/config/airflow_local_settings.py``: what the scheduler imports once.

LocalExecutor forks its workers from the scheduler, so that what is imported here costs no task anything.
"""

import sys

if "scheduler" in sys.argv:
    import airflow.providers.amazon.aws.hooks.s3
    import airflow.providers.postgres.hooks.postgres
    import boto3
    import matplotlib.figure
    import pandas
    import psycopg
    from jobmarket.sources.registry import make_ready

    make_ready()  # readers, names of places and technologies: built once for all loads
