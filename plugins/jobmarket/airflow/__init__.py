"""What Airflow runs: the only package that imports it.

::

    dag_factory.py, upkeep_dags.py    the DAGs, wired
    operators.py and *_operator(s).py    one class a task
    task.py           what they share: connections, retries, the last word on a failure
    source_hook.py    a source, as its connection leads to it; connections.py: lake and warehouse
    forms.py          the trigger forms
    run_name.py       what a run is called; timetables.py
    ui/               the reports inside the Airflow UI
"""
