"""The whole project on one machine without an account: embedded servers, and the commands of make.

::

    commands.py       the commands; supervisor.py: the life of `make up`
    stack.py          which parts there are; kept.py: their ports and passwords, from start to start
    airflow_setup.py  the Airflow beside them; preload.py: imported by its scheduler
    postgres.py, object_store.py    PostgreSQL and S3; object_store_security.py: who may do what there
    process.py        the life of a process
    accounts.py       who uses the warehouse beside its owner; migration.py: brings it up to date
    health.py         whether the parts answer
    once.py, demo.py  one day, and five weeks to look at
"""
