"""The jobmarket package: everything between the France Travail API and the report of the day.

Where to look::

    day.py, period.py         which day, week or month a run is about (Europe/Paris), pure
    errors.py                 the exception tree: worth a retry, or fail now
    lake.py, lake_layout.py   S3: what is where, written and read back
    manifest.py               the manifest of a run and the certificate of a day
    enrich/                   what can be concluded from an offer: place, pay, technologies
    check.py                  the checks of a loaded day and their verdicts
    warehouse/                raw pages -> typed rows -> PostgreSQL
    operators.py              one Airflow operator a task: extract, load, check, report
    period_operator.py        those of the weekly and the monthly report
    day_operator.py           what they share: connections, retries, the last word on a failure
    connections.py            the lake and the warehouse, as Airflow's connections lead to them
    france_travail/           all that knows this source: hook, partition, extraction, offer
    report/                   counts and rows -> figures -> page
    ui/                       the reports inside the Airflow UI

The DAG files under ``dags/`` only wire these together; SQL lives under ``include/sql``.
"""
