"""The warehouse: what every user of PostgreSQL here needs, whatever is in the tables.

::

    session.py       what a session must be like, whatever the server's defaults; its rights; locks
    migrate.py       what the owner of the schemas does: roles, schema, rights
    migrations.py    include/sql/ddl, applied in order, once; and the question whether it was
    concurrently.py  files of it that run outside of a transaction
    roles.py         what the roles are called; what they may do is in include/sql/access
    explained.py     errors of PostgreSQL -> one sentence each
    copy_format.py   values as COPY takes them
"""
