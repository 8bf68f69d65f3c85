"""Checks that a model repository has weights that can be loaded, before they are downloaded and a GPU is held."""

import json
from collections.abc import Collection
from pathlib import Path, PurePosixPath

from mixcpt_store.errors import InputError

_WEIGHTS = "model.safetensors"
_INDEX = "model.safetensors.index.json"
# Endings of weights in this and other formats, to name those that were found.
_WEIGHT_SUFFIXES = (".safetensors", ".bin", ".pt", ".pth", ".ckpt", ".gguf", ".msgpack", ".h5", ".onnx")
_MAX_NAMES_IN_MESSAGE = 5


def check_model_weights(repository: str, names: Collection[str], downloaded: Path) -> None:
    """Raises InputError unless the repository has its weights as safetensors, whole.

    `repository` is its name in messages, `names` are all of its files; `downloaded` has those that are not weights.
    """
    if _WEIGHTS in names:
        return
    if _INDEX not in names:
        found = [name for name in sorted(names) if PurePosixPath(name).suffix in _WEIGHT_SUFFIXES]
        raise InputError(
            f"{repository}: the model has no weights that are read here: found {_format_names(found)}; needed are "
            f"{_WEIGHTS}, or {_INDEX} with its files (*.safetensors), in the top folder; name a commit or repository "
            "that has them, or convert the model with save_pretrained of transformers"
        )
    missing = sorted(_read_shard_names(repository, downloaded / _INDEX) - set(names))
    if missing:
        raise InputError(
            f"{repository}: the weights are incomplete: {_INDEX} names {_format_names(missing)}, which the "
            "repository does not have; name a commit that has all of them"
        )


def _read_shard_names(repository: str, index: Path) -> set[str]:
    try:
        names = set(json.loads(index.read_text(encoding="utf-8"))["weight_map"].values())
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        raise InputError(f"{repository}: {_INDEX} is damaged: it has no weight_map of file names") from error
    if not names or not all(isinstance(name, str) for name in names):
        raise InputError(f"{repository}: {_INDEX} is damaged: its weight_map names no files")
    return names


def _format_names(names: list[str]) -> str:
    more = len(names) - _MAX_NAMES_IN_MESSAGE
    return (", ".join(names[:_MAX_NAMES_IN_MESSAGE]) or "none") + (f" and {more} more" if more > 0 else "")
