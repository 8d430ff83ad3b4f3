"""The France Travail API over HTTP.

::

    settings.py       what its connection says, checked
    client.py         token, pace, retries, one usable answer: begin here
    request.py        one question; answer.py: what an answer holds
    access_token.py, pace.py, verdict.py    the parts of a request
"""
