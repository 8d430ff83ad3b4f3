"""The jobmarket package: everything between the API of a source and the report of a day.

Rooms, each of which knows only those below it (``make lint`` checks that)::

    airflow/       operators, sensors, forms, connections, DAG factory, the pages in Airflow's UI
    report/        counts and rows -> figures -> page
    sources/       one folder a source: its client, its plan, its contract; which there are
    offers/        what an offer is in the warehouse, and how it gets there
    enrich/        what can be concluded from an offer: place, pay, technologies
    foundation/    errors, days, runs, checks, the lake, the warehouse

Only ``airflow/`` imports Airflow. The DAG files under ``dags/`` only wire; SQL lives under ``include/sql``.
"""

__version__ = "1.1.0"
"""As in pyproject.toml and at the top of CHANGELOG.md, which says the schema that it needs."""
