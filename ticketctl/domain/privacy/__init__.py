"""Masking and retention."""
