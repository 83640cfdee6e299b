"""Named improvements and what they changed, and early warnings; may import what usecases may.

`effects.running(session, desk)` gives the measures that run, for a report; `early_warning.current(desk, today)` what is
unusual now, as cron last found it.
"""
