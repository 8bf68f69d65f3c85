"""Counts tokens with the tokenizer of a model in the store."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from mixcpt_store.errors import InputError, RetryableError, is_store_failure

if TYPE_CHECKING:
    from tokenizers import Tokenizer

TokenCounter = Callable[[Sequence[str]], list[int]]


def load_token_counter(model: Path) -> TokenCounter:
    """Returns a counter that adds no special tokens. Raises InputError when `model` has no valid tokenizer.json.

    A special token that a text contains literally, such as `<s>`, is counted as the text that it is.
    """
    path = model / "tokenizer.json"
    tokenizer = _load_tokenizer(path)

    def count_tokens(texts: Sequence[str]) -> list[int]:
        try:
            encodings = tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        except Exception as error:  # the library raises nothing narrower
            raise InputError(f"{path}: the tokenizer cannot encode a text: {error}") from error
        return [len(encoding.ids) for encoding in encodings]

    return count_tokens


@lru_cache(maxsize=1)
def _load_tokenizer(path: Path) -> "Tokenizer":
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # the library raises nothing narrower
        if is_store_failure(error):
            raise RetryableError(f"{path}: cannot be read: {error}") from error
        raise InputError(f"{path} is not a tokenizer: {error}") from error
    tokenizer.encode_special_tokens = True
    return tokenizer
