"""The history: what may be kept of each certified day, as a table of Apache Iceberg.

::

    columns.py      what is kept of an offer, declared once, and why the rest is not
    rows.py         a day of the warehouse -> rows of the history
    catalog.py      where the table is registered, from what a connection says; errors.py: what can fail there
    table.py        the table: a day written, counted, taken out
    maintenance.py  old snapshots, and files that no snapshot names
    retention.py    which days the warehouse may give up, because the history holds them
"""
