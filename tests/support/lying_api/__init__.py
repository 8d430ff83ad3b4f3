"""An API that lies, in one process: what an extraction makes of it through the real client.

``world`` holds offers, each with the moments at which it comes and goes, counted in searches served.
``api`` answers questions about it as the API does, and stands in for the wire (``Transport``), the only part
of the client that is not real. A ``Lie`` overrides one step of an answer; each is a class in ``lies_*``.
``store`` is an S3 in memory, ``runs`` extracts a day against a lie and says how it ended;
``python -m tests.support.lying_api`` prints a table.
"""
