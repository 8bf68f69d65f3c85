"""Reads a step's spec into typed values and reports all of its problems at once."""

import difflib
import json
import math
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, TypeGuard, TypeVar

import yaml

from mixcpt_store.errors import InputError

Value = TypeVar("Value")
_MISSING: Any = object()
# Characters of a wrong value that a message shows.
_MAX_VALUE_LENGTH = 200
# Whole numbers are stored and hashed in 64 bits.
_INTEGER_LIMIT = 2**63
_TYPE_NAMES = {
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    list: "a list",
    dict: "a mapping",
}


class Spec:
    """A mapping of the spec. Getters collect problems instead of raising; `finish` raises them all together."""

    def __init__(self, mapping: Mapping[str, Any], path: str = "spec", problems: list[str] | None = None) -> None:
        self._mapping = mapping
        self._path = path
        self._seen: set[str] = set()
        self._children: list[Spec] = []
        self.problems: list[str] = [] if problems is None else problems

    def get_text(self, key: str, default: str = _MISSING, allowed: tuple[str, ...] | None = None) -> str:
        value = self._get_value(key, str, default, placeholder="")
        if allowed and value not in allowed and key in self._mapping:
            self.add_problem(key, f"is {value!r}; allowed: {', '.join(allowed)}")
        return value

    def get_path(self, key: str) -> Path:
        value = Path(self._get_value(key, str, _MISSING, placeholder="/"))
        self._check_absolute(key, value)
        return value

    def get_paths(self, key: str) -> list[Path]:
        """Reads one path or a list of paths; an absent key gives an empty list."""
        value = self._mapping.get(key, [])
        if isinstance(value, str):
            return [self.get_path(key)]
        paths = [Path(text) for text in self.get_texts(key, default=[])]
        for path in paths:
            self._check_absolute(key, path)
        return paths

    def get_optional_text(self, key: str) -> str | None:
        return self.get_text(key) if self._has_key(key) else None

    def get_optional_path(self, key: str) -> Path | None:
        return self.get_path(key) if self._has_key(key) else None

    def get_optional_integer(self, key: str, minimum: int = 0) -> int | None:
        return self.get_integer(key, minimum=minimum) if self._has_key(key) else None

    def get_flag(self, key: str, default: bool = _MISSING) -> bool:
        return self._get_value(key, bool, default, placeholder=False)

    def get_integer(self, key: str, default: int = _MISSING, minimum: int = 0) -> int:
        value = self._get_value(key, int, default, placeholder=minimum)
        if value < minimum:
            self.add_problem(key, f"is {value}; it must be {minimum} or more")
        return value

    def get_number(self, key: str, default: float = _MISSING) -> float:
        value = self._get_value(key, float, default, placeholder=0.0)
        try:
            number = float(value)
        except OverflowError:  # a whole number of more than 308 digits
            number = math.inf
        if not math.isfinite(number):
            self.add_problem(key, f"is {number}; it must be a finite number")
            return 0.0
        return number

    def get_integer_or_word(self, key: str, word: str, minimum: int = 0) -> int | None:
        """Returns None if the spec says `word`."""
        if self._mapping.get(key) != word:
            return self.get_integer(key, minimum=minimum)
        self._seen.add(key)
        return None

    def get_texts(self, key: str, default: list[str] = _MISSING) -> list[str]:
        return self._get_items(key, str, default)

    def get_integers(self, key: str, default: list[int] = _MISSING) -> list[int]:
        return self._get_items(key, int, default)

    def get_text_pairs(self, key: str) -> list[tuple[str, str]]:
        pairs = self._get_value(key, list, _MISSING, placeholder=[])
        valid_pairs = [pair for pair in pairs if isinstance(pair, list) and [type(item) for item in pair] == [str, str]]
        if len(valid_pairs) < len(pairs):
            self.add_problem(key, "must hold pairs of text such as [eng_Latn, khm_Khmr]")
        return [(pair[0], pair[1]) for pair in valid_pairs]

    def get_mapping(self, key: str, default: dict[str, Any] = _MISSING) -> dict[str, Any]:
        """Returns a mapping whose content is not checked."""
        return self._get_value(key, dict, default, placeholder={})

    def get_child(self, key: str, default: dict[str, Any] = _MISSING) -> "Spec":
        return self._add_child(self._get_value(key, dict, default, placeholder={}), f"{self._path}.{key}")

    def get_optional_child(self, key: str) -> "Spec | None":
        return self.get_child(key) if self._has_key(key) else None

    def get_children(self, key: str) -> list["Spec"]:
        items = self._get_items(key, dict, _MISSING)
        return [self._add_child(item, f"{self._path}.{key}[{index}]") for index, item in enumerate(items)]

    def add_problem(self, key: str, problem: str) -> None:
        self.problems.append(f"{self._path}.{key} {problem}")

    def format_value(self, key: str) -> str:
        """Returns the value as written in the spec, for messages."""
        return str(self._mapping.get(key, ""))

    def finish(self) -> None:
        """Raises InputError with all collected problems, including unknown keys."""
        self._check_unknown_keys()
        if self.problems:
            raise InputError("; ".join(self.problems))

    def _add_child(self, mapping: dict[str, Any], path: str) -> "Spec":
        child = Spec(mapping, path, self.problems)
        self._children.append(child)
        return child

    def _check_unknown_keys(self) -> None:
        for key in self._mapping.keys() - self._seen:
            similar_keys = difflib.get_close_matches(str(key), self._seen, n=1)
            hint = f"did you mean {similar_keys[0]}?" if similar_keys else f"allowed: {', '.join(sorted(self._seen))}"
            self.problems.append(f"{self._path}.{key} is not a known key; {hint}")
        for child in self._children:
            child._check_unknown_keys()

    def _check_characters(self, key: str, value: object) -> None:
        character = find_unusable_character(value) if isinstance(value, str) else None
        if character:
            self.add_problem(key, f"is {value!r}; the character {character!r} is not allowed in names and paths")

    def _check_absolute(self, key: str, path: Path) -> None:
        if not path.is_absolute():
            self.add_problem(key, f"is {str(path)!r}; it must be an absolute path in the store")

    def _has_key(self, key: str) -> bool:
        self._seen.add(key)
        return key in self._mapping

    def _get_value(self, key: str, kind: type[Value], default: Value, *, placeholder: Value) -> Value:
        self._seen.add(key)
        value = self._mapping.get(key, default)
        if value is _MISSING:
            self.add_problem(key, f"is missing; it must be {_TYPE_NAMES[kind]}")
            return placeholder
        if not _has_type(value, kind):
            self.add_problem(key, f"is {_format_json(value)}; it must be {_TYPE_NAMES[kind]}")
            return placeholder
        self._check_characters(key, value)
        return value

    def _get_items(self, key: str, kind: type[Value], default: list[Value]) -> list[Value]:
        values = self._get_value(key, list, default, placeholder=[])
        wrong_values = [value for value in values if not _has_type(value, kind)]
        if wrong_values:
            self.add_problem(key, f"holds {_format_json(wrong_values[0])}; every item must be {_TYPE_NAMES[kind]}")
        for value in values:
            self._check_characters(key, value)
        return [value for value in values if _has_type(value, kind)]


def parse_spec(text: str | None) -> Spec:
    """Parses the YAML text of MIXCPT_SPEC. Raises InputError if it is absent or not a mapping."""
    if not text:
        raise InputError("MIXCPT_SPEC is empty; it must hold the step's spec as YAML")
    try:
        value = yaml.safe_load(text)
    except Exception as error:  # the library lets errors of int(), float() and date() through, too
        problem = " ".join(str(error).split()) or type(error).__name__
        raise InputError(f"MIXCPT_SPEC is not YAML: {problem}") from error
    if not isinstance(value, dict):
        raise InputError(f"MIXCPT_SPEC holds {type(value).__name__}; it must be a mapping such as 'output: /store/…'")
    return Spec(value)


def find_unusable_character(text: str) -> str | None:
    """Returns the first NUL or lone surrogate: YAML can express them, but no file name or output can hold them."""
    return next((character for character in text if character == "\0" or "\ud800" <= character <= "\udfff"), None)


def _format_json(value: object) -> str:
    """Formats a wrong value for a message. YAML can express some that JSON cannot, such as lists in themselves."""
    text = f"a value of type {type(value).__name__}"
    for form in (partial(json.dumps, default=str), repr):
        # A hexadecimal number of more than 4300 decimal digits has no text at all.
        with suppress(TypeError, ValueError, RecursionError):
            text = form(value)
            break
    return text if len(text) <= _MAX_VALUE_LENGTH else f"{text[:_MAX_VALUE_LENGTH]}…"


def _has_type(value: object, kind: type[Value]) -> TypeGuard[Value]:
    """An isinstance check in which true is not a number and a whole number is also a float."""
    if isinstance(value, bool):
        return kind is bool
    if kind is int:
        return isinstance(value, int) and abs(value) < _INTEGER_LIMIT
    return isinstance(value, (int, float)) if kind is float else isinstance(value, kind)
