"""Compares a model's tokenizer as transformers loads it with its tokenizer.json.

Transformers 5 rebuilds some tokenizers from their class: a byte-level BPE whose configuration names
LlamaTokenizer gets that class's treatment of spaces, and the model would be trained on text without them.
"""

import json
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path

from mixcpt_store.errors import InputError

Encode = Callable[[str], list[int]]
_COMPARED_ROWS = 100


def require_matching_tokenizer(corpus: Path, model: Path) -> None:
    """Compares both tokenizers on the first rows of `corpus`. Raises InputError if they differ.

    Special tokens and leading spaces are not compared: the SentencePiece classes drop one leading space, which
    does no harm. A special token that a row contains literally, such as `<s>`, is compared as text: around a parsed
    one the two place spaces differently even where they split all other text alike.
    """
    from tokenizers import Tokenizer
    from transformers import AutoTokenizer

    written = Tokenizer.from_file(str(model / "tokenizer.json"))
    written.encode_special_tokens = True
    loaded = AutoTokenizer.from_pretrained(model)
    with corpus.open(encoding="utf-8") as lines:
        texts = [json.loads(line)["text"].lstrip() for line in islice(lines, _COMPARED_ROWS)]
    row = find_first_difference(
        texts,
        lambda text: list(written.encode(text, add_special_tokens=False).ids),
        lambda text: list(loaded(text, add_special_tokens=False, split_special_tokens=True).input_ids),
    )
    if row is not None:
        raise InputError(
            f"model {model}: transformers loads its tokenizer as {type(loaded).__name__}, which splits row {row} "
            f"of {corpus} into other tokens than tokenizer.json; set tokenizer_class in its "
            "tokenizer_config.json to PreTrainedTokenizerFast"
        )


def find_first_difference(texts: Iterable[str], one: Encode, other: Encode) -> int | None:
    """Returns the number, from 1, of the first text that the two encode differently."""
    return next((row for row, text in enumerate(texts, start=1) if one(text) != other(text)), None)
