"""Every extra has a library by which `.ci/test` and the marker `extra` see that it is missing."""

from __future__ import annotations

from configparser import ConfigParser

from tests.conftest import ROOT
from tests.extras import LIBRARIES


def test_each_extra_has_the_library_by_which_it_is_found() -> None:
    setup = ConfigParser()
    setup.read(ROOT / "setup.cfg", "utf-8")
    extras = dict(setup.items("options.extras_require", raw=True))
    assert {*LIBRARIES} == {*extras} - {"all", "test", "dev"}
    for extra, library in LIBRARIES.items():
        assert extras[extra].lower().startswith(library), extra
