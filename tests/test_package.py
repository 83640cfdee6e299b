"""What `pip install` copies: the package's files that are not Python, too."""

from __future__ import annotations

from tests.conftest import ROOT
from tests.test_ratchets import setup_cfg


def test_every_file_of_the_package_is_installed():
    package = ROOT / "ticketctl"
    patterns = setup_cfg()["options.package_data"]["ticketctl"].split(",")
    copied = {path for pattern in patterns for path in package.glob(pattern.strip())}
    left_out = [
        path.relative_to(package)
        for path in package.rglob("*")
        if path.is_file() and path not in copied and path.suffix not in (".py", ".pyc")
    ]
    assert left_out == []


def test_every_folder_with_python_is_a_package():
    package = ROOT / "ticketctl"
    folders = {path.parent for path in package.rglob("*.py")}
    assert [folder for folder in folders if not (folder / "__init__.py").exists()] == []
