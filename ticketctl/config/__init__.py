"""rules.yaml as a typed Config, every fault with its line and column, all faults at once; may import content, ports,
domain, errors."""

from ticketctl.config.load import load

__all__ = ["load"]
