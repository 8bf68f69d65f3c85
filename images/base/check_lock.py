"""Compares the packages that this interpreter sees with the lock of the base. usage: LOCK [REQUIREMENTS]

Packages of REQUIREMENTS may differ: images/lock put them there because an input names them.
"""

import re
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

# a vendor's Python need not have the package itself
from pip._vendor.packaging.requirements import Requirement
from pip._vendor.packaging.utils import canonicalize_name


def _find_problem(line: str) -> str | None:
    requirement = Requirement(line)
    try:
        found = version(requirement.name)
    except PackageNotFoundError:
        return f"{requirement.name} is missing; the lock has {line}"
    if requirement.specifier.contains(found, prereleases=True):
        return None
    return f"{requirement.name} has the version {found}; the lock has {line}"


def _read_packages(path: str) -> dict[str, str]:
    """Returns the lines of a lock or a list of requirements, without hashes, by the name of the package."""
    lines = re.findall(r"^[A-Za-z][^\s\\]*", Path(path).read_text(), re.MULTILINE)
    return {canonicalize_name(Requirement(line).name): line for line in lines}


def main() -> None:
    lock = _read_packages(sys.argv[1])
    replaced = [name for path in sys.argv[2:] for name in _read_packages(path)]
    problems = [problem for name in lock if name not in replaced if (problem := _find_problem(lock[name]))]
    if problems:
        advice = "write the lock of this base with images/lock --base, then run images/lock"
        sys.exit("\n".join([*(f"{sys.executable}: {problem}" for problem in problems), advice]))


if __name__ == "__main__":
    main()
