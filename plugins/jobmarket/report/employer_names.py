"""A written report without names of employers: they leave it before their offers can be erased. Pure.

What lives here: which files of a report hold such names, and what its page is without them. What does not:
when it is time (``airflow.retention_operator``), which names a report prints at all (``persons``).

A report names the employers of offers that are not closed when it is written. The licence of France Travail
lets nobody keep the employer of a withdrawn offer, and an old report is kept. So the names stand in it for as
many days as a closed offer keeps its text: none of them can be of an offer that is erased.
"""

from __future__ import annotations

import re

from jobmarket.report.analyses.employers import AGENCIES, EMPLOYERS
from jobmarket.report.words.fr.page import EMPLOYERS_LEFT

_KEYS = (EMPLOYERS.key, AGENCIES.key)
_FILE = re.compile(rf"(?:figures|tables)/(?:{'|'.join(_KEYS)})(?:_[^/]*)?\.[a-z]+")
_SECTION = re.compile(
    rf'(<section id="{EMPLOYERS.key}"[^>]*>\s*<h2[^>]*>[^<]*</h2>\s*).*?(\s*</section>)', re.DOTALL
)


def holds_employer_names(path: str) -> bool:
    """Tell whether a file of a report is a table or a figure of employers.

    :param path: below the prefix of the report.
    """
    return _FILE.fullmatch(path) is not None


def without_employer_names(page: bytes) -> bytes:
    """Return the page of a report with a sentence in the place of what names employers; the same again."""
    said = f'<p class="finding">{EMPLOYERS_LEFT}</p>'
    return _SECTION.sub(rf"\g<1>{said}\g<2>", page.decode()).encode()
