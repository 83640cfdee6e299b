"""The report and the weekly mail on a telephone: no column is lost, no letter is too small to read."""

from __future__ import annotations

import json
import re
import subprocess

import pytest

from tests.growth import HANG
from tests.present.test_report import SETTING, found
from ticketctl.content.report_html import page

MEASURE = """<!DOCTYPE html><meta charset="utf-8"><body>
<iframe width="%d" height="900" src="rapport.html" style="border:0"></iframe><script>
onload = () => {
  const inside = document.querySelector("iframe").contentDocument;
  const seen = [...inside.querySelectorAll("th, td, li, p, h1, h2, small, svg text")].filter(
    (one) => one.getClientRects().length && one.textContent.trim());
  const size = (one) => parseFloat(inside.defaultView.getComputedStyle(one).fontSize)
    * (one.getScreenCTM ? one.getScreenCTM().a : 1);
  const right = (one) => { const all = inside.createRange(); all.selectNodeContents(one);
    return all.getBoundingClientRect().right };
  document.body.textContent = "@" + JSON.stringify({
    right: Math.max(...seen.map(right)), least: Math.min(...seen.map(size)),
    cells: seen.filter((one) => one.tagName == "TD" || one.tagName == "TH").length,
    scroll: inside.documentElement.scrollWidth,
  }) + "@";
};
</script>"""


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("chart", [True, False], ids=["page", "mail"])
def test_no_column_is_lost_and_labels_can_be_read(tmp_path, width, chart):
    (tmp_path / "rapport.html").write_text(page(found(), SETTING, chart=chart), "utf-8")
    (tmp_path / "measure.html").write_text(MEASURE % width, "utf-8")
    command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files"]
    command += [f"--user-data-dir={tmp_path}/profile", "--window-size=1400,1000", "--virtual-time-budget=2000"]
    command += ["--dump-dom", (tmp_path / "measure.html").as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=2 * HANG, check=False)
    told = json.loads(re.search(r"@(\{.*\})@", done.stdout)[1])
    assert told["right"] <= width and told["scroll"] <= width, told
    assert told["least"] >= 12, told
    assert told["cells"] > 80
