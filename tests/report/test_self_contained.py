"""A stored report holds nothing that leads its reader away, whatever was in the texts that it is made of."""

from __future__ import annotations

import re

import pytest
from jobmarket.foundation.errors import PermanentError
from jobmarket.report.page import render_report
from jobmarket.report.self_contained import require_self_contained

from tests.support.report_facts import answers, facts

PLANTED = [
    '<meta http-equiv="refresh" content="0;url=https://evil.example">',
    "<META HTTP-EQUIV=refresh CONTENT=0;//evil.example>",
    '<meta\thttp-equiv="refresh" content="0">',
    '<meta name="viewport" content="x" http-equiv="refresh">',
    "<script>location='//evil.example'</script>",
    '<base href="//evil.example/">',
    '<iframe src="//evil.example">',
    '<object data="//evil.example">',
    '<embed src="//evil.example">',
    '<form action="//evil.example">',
    '<link rel="stylesheet" href="//evil.example">',
    '<link rel="prefetch" href="//evil.example">',
    '<svg><set attributeName="href" to="//evil.example"></svg>',
    '<svg><animate attributeName="href" values="//evil.example"></svg>',
    "<foreignObject>",
    "<portal src=//evil.example>",
    "<frameset><frame src=//evil.example></frameset>",
    "<video poster=//evil.example>",
    "<math>",
    "<input autofocus onfocus=x>",
    "<template>",
    "<noscript>",
]


@pytest.mark.parametrize("text", PLANTED)
def test_what_could_lead_away_is_not_written(text: str) -> None:
    with pytest.raises(PermanentError, match="could lead its reader away"):
        require_self_contained(
            f"<!doctype html><html><head></head><body><p>{text}</p></body></html>"
        )


@pytest.mark.parametrize("text", PLANTED)
def test_in_a_text_it_is_only_text(text: str) -> None:
    page = render_report(answers(facts(run_id=text)), analyses=())["index.html"].decode()
    assert text not in page
    metas = re.findall(r"<meta [^>]*>", page)
    # the policy stands before any text, or it would not hold for all of them
    assert metas[1].startswith('<meta http-equiv="Content-Security-Policy" content="default-src')
    assert page.index(metas[1]) < page.index("<title>")
