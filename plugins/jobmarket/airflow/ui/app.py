"""The web application behind the pages: login, rights, addresses, errors.

::

    GET /                              the list of the days        ?before=2026-09-19  those before a day
    GET /receipts                      what the newest runs took
    GET /day/2026-11-18                a report, with the way to its files    (or /week/2026-W47, …)
    GET /day/2026-11-18/index.html     the page, a figure or a table, as written
    GET /run/<dag id>/<run id>         to the report that a run wrote, or why it wrote none
    GET /zone.js                       what Airflow's UI loads, so that it opens in the zone of Paris

Airflow guards none of this by itself: each address asks for a user and for the right to read the DAG that
writes the report. Imported at the first request only (``plugins/jobmarket_ui.py``).
"""

from __future__ import annotations

import logging
from typing import Annotated

from airflow.api_fastapi.core_api.security import GetUserDep, get_user, requires_access_dag
from fastapi import Depends, FastAPI, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.exceptions import HTTPException

from jobmarket.airflow.ui import fr, pages, query, runs
from jobmarket.airflow.ui.kinds import KINDS, PAGE, SOURCE, ReportKind, daily_dag_id, find
from jobmarket.foundation.day import parse_day
from jobmarket.foundation.errors import ConfigurationError, JobMarketError, RetryableError

log = logging.getLogger(__name__)

_EVERYWHERE = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
_LOCKED = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; "
# reports and pages hold their own style; no page runs a script, and only ours hold a frame
_HARMLESS = f"{_LOCKED}img-src data:; style-src 'unsafe-inline'"
# whatever a report holds, it neither leads its reader away (a refresh, say) nor acts as a page of Airflow's
_OF_REPORT = f"{_HARMLESS}; sandbox allow-downloads allow-popups allow-popups-to-escape-sandbox"
_OF_PAGE = f"{_HARMLESS}; frame-src 'self'"
_TYPES = {
    "html": "text/html; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
    "png": "image/png",
    "svg": "image/svg+xml",
    "txt": "text/plain; charset=utf-8",
}


class NotFound(Exception):
    """There is nothing at an address; the message says in French what is missing."""


def require_printable(request: Request) -> None:
    """Raise :class:`NotFound` for an address that holds what no name does: databases refuse a null."""
    if not request.url.path.isprintable() or not all(
        map(str.isprintable, request.path_params.values())
    ):
        raise NotFound(fr.NOT_FOUND)


app = FastAPI(
    title="Job market reports",
    dependencies=[Depends(get_user), Depends(require_printable)],
    # these would be open to everybody
    openapi_url=None,
    docs_url=None,
    redoc_url=None,
)


def asked_report(
    request: Request, kind: str, value: str, user: GetUserDep
) -> tuple[ReportKind, str]:
    """Return the kind of report of an address and which one, if the user may read it."""
    found = find(kind, value)
    if found is None:
        raise NotFound(fr.NOT_FOUND)
    requires_access_dag("GET", param_dag_id=found[0].dag_id)(request, user)
    return found


AskedReport = Annotated[tuple[ReportKind, str], Depends(asked_report)]


def asked_source(request: Request, user: GetUserDep, source: str = SOURCE) -> str:
    """Return the source whose days are asked for, if the user may read them."""
    if source not in {kind.source for kind in KINDS.values()}:
        raise NotFound(fr.NOT_FOUND)
    requires_access_dag("GET", param_dag_id=daily_dag_id(source))(request, user)
    return source


@app.get("/")
def list_of_days(
    request: Request, source: Annotated[str, Depends(asked_source)], before: str = ""
) -> Response:
    """Show the days of a source that were loaded, the newest first, and above them its weeks and months."""
    try:
        day = parse_day(before) if before else None
    except ConfigurationError:
        raise NotFound(fr.NOT_FOUND) from None
    days = query.list_days(day, source)
    unfinished = runs.unfinished_days(days.next_day, day, source)
    # before the first load there may be no bucket; and the days come from the warehouse
    periods, missing = [], ""
    if days.runs and day is None:
        try:
            periods = query.list_periods(source)
        except JobMarketError as error:
            log.warning("The weeks and months cannot be listed. %s", error)
            missing = str(error)
    html = pages.list_page(
        *(_root(request), days, periods, unfinished),
        source=source,
        is_first=day is None,
        lake_error=missing,
    )
    return _page(html)


@app.get("/receipts")
def receipts(request: Request, source: Annotated[str, Depends(asked_source)]) -> Response:
    """Show what the newest runs of a source took: time, calls, bytes, rows, an estimate of the cost."""
    return _page(pages.receipts_page(_root(request), query.list_receipts(source)))


@app.get("/zone.js")
def zone() -> Response:
    """Give the script that makes Airflow's UI open in the zone of Paris."""
    return Response(pages.zone_script(), headers=_EVERYWHERE, media_type="text/javascript")


@app.get("/run/{dag_id}/{run_id:path}", dependencies=[Depends(requires_access_dag("GET"))])
def report_of_run(request: Request, dag_id: str, run_id: str) -> Response:
    """Lead to the report that a run wrote; the rights to it are asked for there."""
    if not run_id:
        raise NotFound(fr.NOT_FOUND)
    found = runs.report_of_run(dag_id, run_id)
    if found is None:
        state = runs.state_of_run(dag_id, run_id)
        if state is None:
            raise NotFound(fr.NO_RUN)
        return _page(pages.run_page(_root(request), state), 404)
    kind, value = found
    return RedirectResponse(f"{_root(request)}/{kind.name}/{value}", headers=_EVERYWHERE)


@app.get("/{kind}/{value}")
def report(request: Request, asked: AskedReport) -> Response:
    """Show a report, with the way back to the list and to its files."""
    files = query.list_files(*asked)
    if not files:
        raise NotFound(fr.NO_REPORT)
    return _page(pages.report_page(_root(request), *asked, files, _around(*asked)))


@app.get("/{kind}/{value}/{path:path}")
def report_file(path: str, asked: AskedReport) -> Response:
    """Give a file of a report as it was written: its page to be shown, the others to be kept."""
    kind, value = asked
    body = query.read_file(kind, value, path)
    if body is None:
        raise NotFound(fr.NO_REPORT if path == PAGE else fr.NO_FILE)
    headers = {**_EVERYWHERE, "Content-Security-Policy": _OF_REPORT}
    if path != PAGE:
        stem, _, suffix = path.rpartition("/")[2].rpartition(".")
        name = f"{stem}_{kind.name}_{value}.{suffix}"
        headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return Response(body, headers=headers, media_type=_TYPES[path.rpartition(".")[2]])


@app.exception_handler(NotFound)
def _not_found(request: Request, error: NotFound) -> Response:
    return _message(request, 404, str(error))


@app.exception_handler(HTTPException)
def _refused(request: Request, error: HTTPException) -> Response:
    return _message(request, error.status_code, fr.refusal(error.status_code))


@app.exception_handler(JobMarketError)
def _failed(request: Request, error: JobMarketError) -> Response:
    log.error("%s cannot be shown. %s", request.url.path, error)
    if isinstance(error, RetryableError):
        return _message(request, 503, fr.UNAVAILABLE, detail=str(error))
    return _message(request, 500, fr.MISCONFIGURED, detail=str(error))


@app.exception_handler(Exception)
def _broken(request: Request, error: Exception) -> Response:
    """Answer like every page, though nobody thought of this; Starlette raises the error again for the log."""
    return _message(request, 500, fr.refusal(500))


def _around(kind: ReportKind, value: str) -> query.Around:
    """Return what stands around a report; a report is shown without it where it cannot be had."""
    try:
        return query.around(kind, value)
    except JobMarketError as error:
        log.warning("What stands around %s %s cannot be shown. %s", kind.name, value, error)
        return query.Around()


def _message(
    request: Request,
    status: int,
    sentence: str,
    *,
    detail: str = "",
) -> Response:
    return _page(pages.message_page(_root(request), sentence, detail=detail), status)


def _page(html: str, status: int = 200) -> Response:
    return HTMLResponse(html, status, headers={**_EVERYWHERE, "Content-Security-Policy": _OF_PAGE})


def _root(request: Request) -> str:
    """Return where the application is mounted, below the path of Airflow itself."""
    return str(request.scope.get("root_path", ""))
