"""The warehouse: what every user of PostgreSQL here needs, whatever is in the tables.

::

    session.py       what a session must be like, whatever the server's defaults; locks
    migrations.py    include/sql/ddl, applied in order, once
    explained.py     errors of PostgreSQL -> one sentence each
    copy_format.py   values as COPY takes them
"""
