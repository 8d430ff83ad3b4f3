"""The reports inside the Airflow UI, behind its login.

Where to look::

    routes.py       where the pages are: addresses of the UI, and the link of the report task
    kinds.py        the kinds of report: add one here; pure
    query.py        what the pages read: days of the warehouse, files of the lake
    runs.py         what the pages ask of Airflow: the report of a run, why it wrote none
    rows.py         the rows of the list, absent days among them; pure
    pages.py        what was read -> HTML; pure
    app.py          the web application: login, rights, addresses, errors
    fr.py           everything a reader sees in French
    templates/      the pages

``plugins/jobmarket_ui.py`` hands it to Airflow. Reports themselves are written by ``jobmarket.report``.
"""
