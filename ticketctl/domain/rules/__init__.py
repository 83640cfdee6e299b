"""Conditions, actions, decisions."""
