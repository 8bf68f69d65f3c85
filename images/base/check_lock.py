"""Compares the packages that this interpreter sees with the lock of the base (images/lock --base). usage: FILE"""

import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

# a vendor's Python need not have the package itself
from pip._vendor.packaging.requirements import Requirement


def _find_problem(line: str) -> str | None:
    requirement = Requirement(line)
    try:
        found = version(requirement.name)
    except PackageNotFoundError:
        return f"{requirement.name} is missing; the lock has {line}"
    if requirement.specifier.contains(found, prereleases=True):
        return None
    return f"{requirement.name} has the version {found}; the lock has {line}"


def main() -> None:
    lines = Path(sys.argv[1]).read_text().splitlines()
    problems = [problem for line in lines if line and not line.startswith("#") if (problem := _find_problem(line))]
    if problems:
        advice = "write the lock of this base with images/lock --base, then run images/lock"
        sys.exit("\n".join([*(f"{sys.executable}: {problem}" for problem in problems), advice]))


if __name__ == "__main__":
    main()
