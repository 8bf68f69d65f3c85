"""Counts tokens with the tokenizer of a model in the store."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from mixcpt_store.errors import InputError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

TokenCounter = Callable[[Sequence[str]], list[int]]


def token_counter(model: Path) -> TokenCounter:
    """The counts leave out special tokens. Raises InputError when `model` has no tokenizer.json."""
    tokenizer = _load(model / "tokenizer.json")
    return lambda texts: [
        len(encoding.ids) for encoding in tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
    ]


@lru_cache(maxsize=1)
def _load(path: Path) -> "Tokenizer":
    from tokenizers import Tokenizer

    try:
        return Tokenizer.from_file(str(path))
    except Exception as error:  # the library raises nothing narrower
        raise InputError(f"{path} is no tokenizer: {error}") from error
