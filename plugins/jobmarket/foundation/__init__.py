"""What everything else stands on. Knows no Airflow, no source and no offer.

::

    errors.py           the exception tree: worth a retry, or fail now
    day.py, period.py   which day, week or month a run is about (Europe/Paris), pure
    paths.py            where the files of ``include`` lie; reference.py reads those of ``include/reference``
    checks.py           the checks of a loaded day and their verdicts
    foreign_text.py     what others say, made fit for a message; known_secrets.py: what no message may hold
    http/               one request and its whole answer, within bounds
    lake/               S3: what is where, written and read back; the manifest of a run
    warehouse/          PostgreSQL: sessions, migrations, its errors as sentences, COPY
"""
