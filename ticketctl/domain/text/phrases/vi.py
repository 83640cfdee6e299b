"""Vietnamese."""

from ticketctl.domain.text.phrases import Phrases

PHRASES = Phrases(
    opener="vào",
    wrote="viết",
    thanks="cảm ơn",
)
