"""The API under /api/v1: what a program may read and change with a key (docs/api.md); may import what web may."""
