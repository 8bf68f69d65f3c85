"""Whether transformers reads a model's tokenizer as its tokenizer.json says it.

Transformers 5 makes some tokenizers anew from their class: a byte-level BPE whose configuration names
LlamaTokenizer gets that one's treatment of spaces, and the model would be trained on a text without them.
"""

import json
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path

from mixcpt_store.errors import InputError

Encode = Callable[[str], list[int]]
_ROWS = 100


def require_same_tokenizer(corpus: Path, model: Path) -> None:
    """Compares both on the first rows of `corpus`. Raises InputError for a difference.

    Special tokens and spaces at the start of a text are left out: the classes for SentencePiece drop one
    there, which does no harm.
    """
    from tokenizers import Tokenizer
    from transformers import AutoTokenizer

    raw = Tokenizer.from_file(str(model / "tokenizer.json"))
    ours = AutoTokenizer.from_pretrained(model)
    with corpus.open(encoding="utf-8") as lines:
        texts = [json.loads(line)["text"].lstrip() for line in islice(lines, _ROWS)]
    different = first_difference(
        texts,
        lambda text: list(raw.encode(text, add_special_tokens=False).ids),
        lambda text: list(ours(text, add_special_tokens=False).input_ids),
    )
    if different is not None:
        raise InputError(
            f"model {model}: transformers makes a {type(ours).__name__} of it, which reads row {different} "
            f"of {corpus} in other tokens than tokenizer.json; set tokenizer_class in its "
            "tokenizer_config.json to PreTrainedTokenizerFast"
        )


def first_difference(texts: Iterable[str], one: Encode, other: Encode) -> int | None:
    """The number of the first text, from 1, that both read in other tokens."""
    return next((row for row, text in enumerate(texts, start=1) if one(text) != other(text)), None)
