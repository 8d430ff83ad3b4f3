"""The data lake: runs, pages, manifests and reports in S3.

::

    layout.py      the keys, and what the object of a page says about it; pure
    manifest.py    the manifest of a run and the certificate of a day: shapes
    standing.py    how far a run may be trusted, and which run stands for its day; pure
    bucket.py      objects of one bucket: keys and bytes
    store.py       pages, manifests and reports, written and read back
    run_pages.py   the pages of one run while it is extracted
    errors.py      errors of S3 -> one sentence each
"""
