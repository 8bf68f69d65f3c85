"""Pairs the files of two patterns by their names, so that line N of one translates line N of the other."""

import fnmatch
import re
from collections.abc import Callable, Sequence

from mixcpt_data.storage.locations import StoredFile
from mixcpt_store.errors import InputError

_WILDCARD = re.compile(r"(\*\*/|\*+|\?|\[[^\]]+\])")
_MAX_NAMES_IN_MESSAGE = 10

_MatchKey = tuple[str, ...]
_KeyReader = Callable[[str], _MatchKey | None]


def pair_files_by_name(
    patterns: Sequence[str], files: Sequence[Sequence[StoredFile]]
) -> Sequence[Sequence[StoredFile]]:
    """Returns the files of each pattern in the order of the first, partners at the same position.

    Two files are partners when the wildcards of their patterns match the same parts of their names, or else when
    their names are equal up to the language suffix: `*.eng` and `*.zul` pair `x1.eng` with `x1.zul`, `en/*.txt` and
    `zu/*.txt` pair `en/x1.txt` with `zu/x1.txt`. Two names without wildcards are a pair as they are.
    Raises InputError with the names of files that have no partner.
    """
    if not any(_WILDCARD.search(pattern) for pattern in patterns):
        return files
    by_wildcards = _index_files([_build_wildcard_reader(pattern) for pattern in patterns], files)
    by_suffix = _index_files([_remove_suffix for _ in patterns], files)
    for index in (by_wildcards, by_suffix):
        if index and all(side.keys() == index[0].keys() for side in index):
            return [[side[key] for key in index[0]] for side in index]
    counts = " and ".join(str(len(matches)) for matches in files)
    best = max((by_wildcards, by_suffix), key=_count_pairs)
    raise InputError(
        f"moses files must come in pairs; the patterns match {counts} files; "
        f"without a partner of the same name: {_list_unpaired(files, best)}"
    )


def _index_files(
    readers: Sequence[_KeyReader], files: Sequence[Sequence[StoredFile]]
) -> list[dict[_MatchKey, StoredFile]]:
    """Returns the files of each pattern by key; empty when the keys do not tell all files apart."""
    sides: list[dict[_MatchKey, StoredFile]] = []
    for read_key, matches in zip(readers, files, strict=True):
        keys = [(read_key(file.name), file) for file in matches]
        side = {key: file for key, file in keys if key is not None}
        if len(side) < len(matches):
            return []
        sides.append(side)
    return sides


def _build_wildcard_reader(pattern: str) -> _KeyReader:
    """Returns a function that reads from a name what each wildcard of the pattern matches."""
    expression = re.compile("".join(map(_translate_part, _WILDCARD.split(pattern))), re.DOTALL)

    def read_wildcards(name: str) -> _MatchKey | None:
        match = expression.fullmatch(name)
        return tuple(part or "" for part in match.groups()) if match else None

    return read_wildcards


def _translate_part(part: str) -> str:
    if part == "**/":
        return "(?:(.*)/)?"
    if part.startswith("*"):
        return "(.*)"
    if part == "?":
        return "(.)"
    if _WILDCARD.fullmatch(part):
        # `(?s:[…])\Z`, as the standard library translates a set of characters.
        return f"({fnmatch.translate(part).removesuffix(chr(92) + 'Z')})"
    return re.escape(part)


def _remove_suffix(name: str) -> _MatchKey:
    """Returns the name without `.gz` and without the last suffix, which is the language."""
    stem, dot, _ = name.removesuffix(".gz").rpartition(".")
    return (stem if dot else name,)


def _count_pairs(index: list[dict[_MatchKey, StoredFile]]) -> int:
    return len(set.intersection(*(set(side) for side in index))) if index else -1


def _list_unpaired(files: Sequence[Sequence[StoredFile]], index: list[dict[_MatchKey, StoredFile]]) -> str:
    """Formats the names of files without a partner; all of them when names give no pairs."""
    shared = set.intersection(*(set(side) for side in index)) if index else set()
    paired = {side[key].name for side in index for key in shared}
    names = sorted({file.name for matches in files for file in matches} - paired)
    more = len(names) - _MAX_NAMES_IN_MESSAGE
    return ", ".join(names[:_MAX_NAMES_IN_MESSAGE]) + (f" and {more} more" if more > 0 else "")
