"""The Debian packages of the image in which a test runs."""

import subprocess
from pathlib import Path


def list_packages_without_license() -> list[str]:
    """Lists the installed packages that lack the copyright file which Debian's policy asks of each."""
    command = ["dpkg-query", "--show", "--showformat", "${db:Status-Status} ${Package}\\n"]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    packages = [line.removeprefix("installed ") for line in lines if line.startswith("installed ")]
    assert packages
    return [name for name in packages if not Path("/usr/share/doc", name, "copyright").is_file()]
