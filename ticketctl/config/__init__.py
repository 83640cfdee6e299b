"""rules.yaml → typed Config, every fault as rules.yaml:LINE:COLUMN, all faults at once."""

from ticketctl.config.load import load

__all__ = ["load"]
