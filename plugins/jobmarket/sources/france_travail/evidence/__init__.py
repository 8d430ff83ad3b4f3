"""How the API answers what this project assumes of it: some forty small questions, once, written down.

::

    inquiry.py        asks them: within a number and a rate, each answer as it came
    finding.py        what was assumed, what was met, what to change where they differ
    access.py, paging.py, dates.py, content.py, steadiness.py    the questions of one kind each
    record.py         all of them in their order, as Markdown and JSON: begin here

The extraction rests on none of it blindly: it proves each day. This tells beforehand what would make it fail.
"""
