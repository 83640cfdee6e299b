"""The report's figures and its chart, of a period that is chosen."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from ticketctl.content import report_html
from ticketctl.errors import TicketctlError
from ticketctl.present.words.web_figures import TEXTS
from ticketctl.usecases.views.period import LAST, ReportOn
from ticketctl.usecases.views.report import report
from ticketctl.web.doors import door
from ticketctl.web.errors import sentence, status_of
from ticketctl.web.language import language, speak
from ticketctl.web.team.guard import mine

pages = Blueprint("figures", __name__)
PERIODS = ("week", "month", "quarter", "year")
PARTS = ("owner", "channel", "priority", "label", "cause")


@pages.get("/figures")
@door("agent", needs="report")
def page() -> ResponseReturnValue:
    period = next((one for one in PERIODS if one == request.args.get("period")), "week")
    by = next((one for one in PARTS if one == request.args.get("by")), "")
    wrong, status, drawn = "", 200, Markup("")
    try:
        found = report(mine(), _asked(period, by))
        # report_html escapes everything it is made of.
        drawn = Markup(report_html.body(found.figures, found.setting))  # noqa: S704  # nosec B704
    except TicketctlError as error:
        wrong, status = sentence(error, language()), status_of(error)
    return render_template(
        "agent/figures.html", say=speak(TEXTS), periods=PERIODS, parts=PARTS, period=period, by=by, report=drawn,
        wrong=wrong,
    ), status  # fmt: skip


def _asked(period: str, by: str) -> ReportOn:
    return ReportOn(
        week=LAST if period == "week" else "",
        month=LAST if period == "month" else "",
        quarter=LAST if period == "quarter" else "",
        year=LAST if period == "year" else "",
        by=by,
        language=language(),
    )
