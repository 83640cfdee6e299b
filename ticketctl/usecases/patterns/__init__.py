"""Groups of tickets about the same thing; may import what usecases may.

`view.living(session)` gives the living patterns with their ticket numbers and counts per week, from what was grouped
already. `group.group_new(session)` groups what has come since; cron does it with `escalate`.
"""
