"""What Airflow runs: the only package that imports it.

::

    operators.py, period_operators.py, forget_operator.py    one class a task
    task.py           what they share: connections, retries, the last word on a failure
    source_hook.py    a source, as its connection leads to it; connections.py: lake and warehouse
    forms.py          the trigger forms
    run_name.py       what a run is called; timetables.py
    ui/               the reports inside the Airflow UI
"""
