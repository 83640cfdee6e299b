"""Whether something changed: distributions, intervals and tests in plain Python; may import errors.

Each says nothing below a size (docs/changes.md). numpy and scipy would cost two seconds of each run."""
