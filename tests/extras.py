"""`python -m tests.extras`: the extras that are not installed, a line each. Tests marked `extra(name)` need one."""

from __future__ import annotations

from importlib.util import find_spec

LIBRARIES = {
    "calendar": "holidays",
    "crypt": "pyrage",
    "insight": "snowballstemmer",
    "notify": "apprise",
    "oauth": "authlib",
    "pdf": "pypdf",
    "pictures": "matplotlib",
    "web": "flask",
}


def is_missing(extra: str) -> bool:
    return find_spec(LIBRARIES[extra]) is None


if __name__ == "__main__":
    print("\n".join(filter(is_missing, LIBRARIES)))
