"""Looks at the place that the project runs in: one line a check, green or red, with what to do when red.

::

    line.py           a check, the line that it gives, how lines are written
    sources.py, lake.py, warehouse.py, clock.py, platform.py    the checks of one part each
    examine.py        all of them: begin here
    evidence.py       how France Travail answers what is assumed of it
    __main__.py       `python -m jobmarket.airflow.doctor`, wherever Airflow is

``make doctor`` is the same on the laptop stack, the DAG ``jobmarket_doctor`` in Airflow's UI. Nothing is
changed but two small objects in the bucket, of which one is taken away again.
"""
