"""Counts tokens with the tokenizer of a model in the store."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from mixcpt_store.errors import InputError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

TokenCounter = Callable[[Sequence[str]], list[int]]


def load_token_counter(model: Path) -> TokenCounter:
    """Returns a counter that ignores special tokens. Raises InputError when `model` has no valid tokenizer.json."""
    tokenizer = _load_tokenizer(model / "tokenizer.json")
    return lambda texts: [
        len(encoding.ids) for encoding in tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
    ]


@lru_cache(maxsize=1)
def _load_tokenizer(path: Path) -> "Tokenizer":
    from tokenizers import Tokenizer

    try:
        return Tokenizer.from_file(str(path))
    except Exception as error:  # the library raises nothing narrower
        raise InputError(f"{path} is not a tokenizer: {error}") from error
