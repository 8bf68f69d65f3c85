"""Weights in bfloat16, configuration and tokenizer of a checkpoint, as transformers saves a model."""

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

from mixcpt_store.errors import InputError
from mixcpt_store.listing import list_files_below
from mixcpt_store.presence import is_file

_SINGLE_FILE = "model.safetensors"
_SHARD_INDEX = "model.safetensors.index.json"
_TOKENIZER_FILES = (
    "tokenizer.json",
    "tokenizer_config.json",
    "tokenizer.model",
    "special_tokens_map.json",
    "added_tokens.json",
    "vocab.json",
    "merges.txt",
    "chat_template.jinja",
)


def write_weights(checkpoint: Path, folder: Path, max_shard_bytes: int) -> str:
    """Writes the checkpoint's weights in bfloat16 and returns the number formats that they had.

    A 16-bit weight of that format stays the same; others are rounded to the nearest. One file that is written is in
    memory at a time. Raises InputError for weights in another format than safetensors and for values that are not
    finite.
    """
    from huggingface_hub import split_torch_state_dict_into_shards
    from safetensors.torch import save_file

    shapes, sources = _read_weight_headers(checkpoint)
    plan = split_torch_state_dict_into_shards(shapes, max_shard_size=max_shard_bytes)
    formats: set[str] = set()
    for file_name, names in plan.filename_to_tensors.items():
        # Without a variable, which would keep one file's weights while the next one's are read.
        save_file(
            {name: _read_weight(sources[name], name, formats) for name in names},
            folder / file_name,
            metadata={"format": "pt"},
        )
    if plan.is_sharded:
        index = {"metadata": plan.metadata, "weight_map": plan.tensor_to_filename}
        _write_json(folder / _SHARD_INDEX, index)
    return ", ".join(sorted(formats))


def _read_weight_headers(checkpoint: Path) -> tuple[dict[str, Any], dict[str, Path]]:
    """Returns each weight as it will be written, but without data, and the file that it is in."""
    import torch
    from safetensors import safe_open

    shapes: dict[str, Any] = {}
    sources: dict[str, Path] = {}
    for path in list_weight_files(checkpoint):
        with safe_open(path, framework="pt") as file:
            for name in file.keys():  # noqa: SIM118 - not a mapping
                tensor = file.get_tensor(name)
                number_format = torch.bfloat16 if tensor.is_floating_point() else tensor.dtype
                shapes[name] = torch.empty_like(tensor, dtype=number_format, device="meta")
                sources[name] = path
    return shapes, sources


def _read_weight(path: Path, name: str, formats: set[str]) -> Any:
    """Returns the weight in bfloat16 and adds its own format to `formats`; whole numbers stay as they are."""
    import torch
    from safetensors import safe_open

    with safe_open(path, framework="pt") as file:
        tensor = file.get_tensor(name)
    if not tensor.is_floating_point():
        return tensor
    formats.add(str(tensor.dtype).removeprefix("torch."))
    converted = tensor.to(torch.bfloat16)
    if not bool(torch.isfinite(converted).all()):
        raise InputError(f"{path}: {name} has values that are not finite; this training has diverged")
    return converted


def list_weight_files(checkpoint: Path) -> list[Path]:
    """Raises InputError for a checkpoint without weights as safetensors."""
    if is_file(checkpoint / _SINGLE_FILE):
        return [checkpoint / _SINGLE_FILE]
    if not is_file(checkpoint / _SHARD_INDEX):
        raise InputError(
            f"{checkpoint}: has neither {_SINGLE_FILE} nor {_SHARD_INDEX}; only weights as safetensors are exported"
        )
    index = json.loads((checkpoint / _SHARD_INDEX).read_text(encoding="utf-8"))
    return [checkpoint / name for name in sorted(set(index["weight_map"].values()))]


def write_config(checkpoint: Path, folder: Path) -> None:
    """Copies the configuration with the new number format, readable for transformers 4 as well."""
    config = json.loads((checkpoint / "config.json").read_text(encoding="utf-8"))
    # transformers 4 before 4.56, and with it older vLLM, read `torch_dtype` only.
    config["dtype"] = config["torch_dtype"] = "bfloat16"
    _write_json(folder / "config.json", {**config, **_build_older_rope_keys(config)})
    if is_file(checkpoint / "generation_config.json"):
        shutil.copyfile(checkpoint / "generation_config.json", folder / "generation_config.json")


def _build_older_rope_keys(config: dict[str, Any]) -> dict[str, Any]:
    """Returns the keys from which transformers 4 and vLLM's older versions read the rotary embedding.

    They do not know `rope_parameters` of transformers 5, and would take another base without a word.
    """
    parameters = config.get("rope_parameters")
    if not isinstance(parameters, dict) or "rope_theta" not in parameters:
        return {}
    scaling = {key: value for key, value in parameters.items() if key != "rope_theta"}
    has_scaling = scaling.get("rope_type", "default") != "default"
    return {"rope_theta": parameters["rope_theta"], **({"rope_scaling": scaling} if has_scaling else {})}


def copy_tokenizer(checkpoint: Path, model: Path, folder: Path) -> None:
    """Copies the tokenizer of the checkpoint, or of the base model if the trainer saved none.

    Raises InputError if neither has one.
    """
    for source in (checkpoint, model):
        names = [name for name in _TOKENIZER_FILES if is_file(source / name)]
        if {"tokenizer.json", "tokenizer.model"} & set(names):
            for name in names:
                shutil.copyfile(source / name, folder / name)
            return
    raise InputError(f"{checkpoint}, {model}: neither has a tokenizer (tokenizer.json or tokenizer.model)")


def compute_checksums(folder: Path) -> dict[str, str]:
    """Returns the SHA-256 of every file, in the order of the names. The hub shows the same one for weights."""
    return {path.relative_to(folder).as_posix(): _compute_sha256(path) for path in list_files_below(folder)}


def _compute_sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
