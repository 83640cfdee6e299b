"""Use cases that change tickets."""
