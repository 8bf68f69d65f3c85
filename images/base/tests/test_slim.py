"""The script slim: of the documentation it leaves the license of each package, also where packages share a folder."""

import re
import subprocess
from pathlib import Path

SLIM = Path(__file__).parents[1] / "slim"


def _slim_documentation(folder: Path) -> None:
    """Runs the lines of the script about /usr/share/doc on another folder."""
    block = re.search(r"^if \[ -d /usr/share/doc \]; then\n.*?^fi\n", SLIM.read_text(), re.DOTALL | re.MULTILINE)
    assert block
    subprocess.run(["sh", "-eu", "-c", block[0].replace("/usr/share/doc", str(folder))], check=True)


def _write(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(path.name)


def test_keeps_the_license_of_a_package_that_shares_the_folder_of_another(tmp_path: Path) -> None:
    _write(tmp_path / "gcc-14-base/copyright")
    (tmp_path / "libstdc++6").symlink_to("gcc-14-base")
    (tmp_path / "libstdc++6-dev").symlink_to("libstdc++6")
    _slim_documentation(tmp_path)
    for package in ("gcc-14-base", "libstdc++6", "libstdc++6-dev"):
        assert (tmp_path / package / "copyright").read_text() == "copyright"


def test_removes_all_but_the_licenses(tmp_path: Path) -> None:
    for name in ("bash/copyright", "bash/README", "bash/examples/loadables/copyright", "bash/html/index.html", "INDEX"):
        _write(tmp_path / name)
    (tmp_path / "bash/doc").symlink_to("html")
    (tmp_path / "bash-doc").symlink_to("bash/html")
    (tmp_path / "dangling").symlink_to("missing")
    (tmp_path / "empty").mkdir()
    _slim_documentation(tmp_path)
    left = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if not path.is_dir()}
    assert left == {"bash/copyright", "bash/examples/loadables/copyright"}
