"""Drafts of pages that a person may publish, as Markdown; may import what content may."""
