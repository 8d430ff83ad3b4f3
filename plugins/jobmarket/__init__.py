"""The jobmarket package: everything between the France Travail API and the report of the day.

Where to look::

    day.py                    which day a run is about (Europe/Paris), pure
    errors.py                 the exception tree: worth a retry, or fail now
    lake.py                   every S3 key, the manifest and the certificate
    warehouse.py              raw pages -> typed rows -> PostgreSQL
    operators.py              one Airflow operator a task: extract, load, check, report
    france_travail/           all that knows this source: hook, partition, extraction, offer
    report/                   rows -> figures -> page

The DAG files under ``dags/`` only wire these together; SQL lives under ``include/sql``.
"""
