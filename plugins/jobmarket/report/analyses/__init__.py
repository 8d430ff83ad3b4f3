"""The analyses of the report, one module each, or one a tight group.

A module holds everything of its analysis: what it asks the warehouse, with a sample of the answer for tests;
the table it makes of that; its words in French, and where they stand on the page. To add one: a SQL file in
``include/sql/report`` (or a dimension of ``mart.offer_count``), and a module here, which the registry finds.
"""
