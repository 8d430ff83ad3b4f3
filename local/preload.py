"""Copied to ``$AIRFLOW_HOME/config/airflow_local_settings.py``, which every process of Airflow imports first.

LocalExecutor forks its workers from the scheduler, so that what the scheduler imports here costs no task
anything.
"""

import sys

from jobmarket.foundation.known_secrets import hush_clients

# a worker of Celery loads no plugin in the process that lands the log of a task in S3
hush_clients()
if "celery" in sys.argv:
    from celery.signals import worker_process_init
    from jobmarket.airflow.masking import hide_in_records

    # when its logging is set up
    worker_process_init.connect(lambda **_: hide_in_records(), weak=False)

if "scheduler" in sys.argv:
    import airflow.providers.amazon.aws.hooks.s3
    import airflow.providers.postgres.hooks.postgres
    import boto3
    import matplotlib.figure
    import pandas
    import psycopg
    from jobmarket.sources.registry import make_ready

    make_ready()  # readers, names of places and technologies: built once for all loads
