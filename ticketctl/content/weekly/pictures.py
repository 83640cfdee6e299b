"""The weekly mail's two pictures as PNG, by matplotlib, which is imported here alone and only when one is drawn.

Opaque white, 200 dots an inch, so that 600 pixels in a mail are 1200 of the picture. Every colour has a contrast of at
least 3:1 to white (WCAG 1.4.11), but for the shade of the usual range, which has an edge of such a colour.
"""

from __future__ import annotations

from importlib.util import find_spec
from io import BytesIO
from typing import TYPE_CHECKING, Any

import msgspec

from ticketctl.content.weekly.mail import Weekly
from ticketctl.content.words import WEEKDAYS, known

if TYPE_CHECKING:
    from collections.abc import Callable

DOTS = 200  # an inch
WIDE, HIGH, HIGH_HOURS = 1200, 440, 420
BARS, LINE, INK, BAND, EDGE = "#2b6cb0", "#9c4221", "#3c4148", "#e3e8ee", "#7b8794"
COLOURS = 48  # so that a picture stays below 30 KB


class Drawn(msgspec.Struct, frozen=True):
    """Pixels in the mail, half of those of the PNG."""

    data: bytes
    width: int
    height: int


def can_draw() -> bool:
    """Whether matplotlib is here."""
    return find_spec("matplotlib") is not None


def draw(weekly: Weekly, picture: str) -> Drawn:
    """ "weeks": arrivals as bars, open tickets as a line, the usual range shaded; "hours": by weekday and hour."""
    high = HIGH_HOURS if picture == "hours" else HIGH
    fill = _hours if picture == "hours" else _weeks
    return Drawn(_png(lambda axes: fill(axes, weekly), high), WIDE // 2, high // 2)


def _png(fill: Callable[[Any], None], high: int) -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from PIL import Image  # matplotlib needs it

    figure = Figure(figsize=(WIDE / DOTS, high / DOTS), dpi=DOTS, facecolor="white", layout="constrained")
    canvas: Any = FigureCanvasAgg(figure)  # partly untyped
    axes = figure.add_subplot()
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(EDGE)
    axes.tick_params(length=0, labelsize=7, labelcolor=INK)
    fill(axes)
    canvas.draw()
    picture = Image.frombuffer("RGBA", canvas.get_width_height(), canvas.buffer_rgba()).convert("RGB")
    written = BytesIO()
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(written, format="png", optimize=True)
    return written.getvalue()


def _weeks(axes: Any, weekly: Weekly) -> None:
    words, weeks = weekly.words, weekly.weeks
    places = range(len(weeks))
    if weekly.usual and len(weeks) > 1:
        low, high = weekly.usual
        axes.axhspan(low, high, facecolor=BAND, edgecolor=EDGE, linewidth=0.5, zorder=0, label=words["usual_band"])
    axes.bar(places, [one.arrivals for one in weeks], width=0.62, color=BARS, label=words["arrived_bars"], zorder=2)
    lines = {"color": LINE, "linewidth": 1.4, "marker": "o", "markersize": 2.8, "zorder": 3}
    axes.plot(places, [one.open for one in weeks], label=words["open_line"], **lines)
    axes.set_xticks(places, [words["this_week"].format(week=one.window.first.isocalendar().week) for one in weeks])
    axes.set_xlim(-0.6, len(weeks) - 0.4)
    axes.set_ylim(0, max(1, *(max(one.arrivals, one.open) for one in weeks)) * 1.08)
    axes.yaxis.get_major_locator().set_params(integer=True, nbins=5)
    axes.figure.legend(loc="outside upper left", ncols=3, frameon=False, fontsize=7.5, labelcolor=INK)


def _hours(axes: Any, weekly: Weekly) -> None:
    from matplotlib.colors import LinearSegmentedColormap

    counts = weekly.hours or ()
    most = max(1, *map(max, counts))
    shades = LinearSegmentedColormap.from_list("arrivals", ["#ffffff", "#5b8fc7", "#1a3f6b"])
    axes.imshow(counts, aspect="auto", cmap=shades, vmin=0, vmax=most)
    axes.set_yticks(range(7), WEEKDAYS[known(weekly.setting.language)])
    axes.set_xticks(range(0, 24, 2), [f"{hour:02}" for hour in range(0, 24, 2)])
    axes.set_xticks([at - 0.5 for at in range(25)], minor=True)
    axes.set_yticks([at - 0.5 for at in range(8)], minor=True)
    axes.grid(which="minor", color="#d5dae0", linewidth=0.4)
    axes.tick_params(which="minor", length=0)
    for at, row in enumerate(counts):
        for hour, count in enumerate(row):
            if count:
                ink = "white" if count > most * 0.45 else INK
                axes.text(hour, at, str(count), ha="center", va="center", fontsize=6.5, color=ink)
    title = weekly.words["hours"].format(count=len(weekly.weeks))
    axes.set_title(title, fontsize=7.5, color=INK, loc="left")
