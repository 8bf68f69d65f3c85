"""Packed blocks: whether each begins with BOS, and whether the end of a text is learned.

LLaMA-Factory joins all texts, each followed by EOS, and cuts them into blocks of `cutoff_len` tokens. From 0.9.2 on it
replaces the first token of every block by BOS if the tokenizer says `add_bos_token` (its issue 7484 objects). The
version of transformers decides which tokenizers say so: in 5.6.0 none that is read from tokenizer.json, with its pull
request 46722 every one whose tokenizer.json adds BOS. In 0.9.0 and 0.9.1, the versions of the study's time, only the
template `gemma` did that.
"""

from collections.abc import Sequence
from typing import Any

from mixcpt_store.errors import InputError

CHECKED_BLOCKS = 1000


def set_block_start(tokenizer: Any, *, begin_with_bos: bool) -> None:
    """Makes LLaMA-Factory begin blocks as the spec says. Texts are encoded without special tokens in either case."""
    tokenizer.add_bos_token = begin_with_bos


def check_block_start(blocks: Sequence[Sequence[int]], bos: int | None, *, begin_with_bos: bool) -> None:
    """Raises InputError if the first blocks do not begin as the spec says."""
    starts = [block[0] == bos for block in blocks]
    if starts and begin_with_bos != all(starts):
        raise InputError(
            f"{sum(starts)} of {len(starts)} blocks begin with BOS although blocks.beginWithBos is {begin_with_bos}; "
            "this version of LLaMA-Factory packs in another way, so build the image with the pinned one"
        )


def describe_blocks(tokenizer: Any, *, begin_with_bos: bool) -> dict[str, bool]:
    """Returns `blocks` of STATS.json.

    LLaMA-Factory pads with EOS if the tokenizer has no padding token, and transformers labels every padding token with
    -100 (its issue 23530), so that no EOS is learned.
    """
    return {"beginWithBos": begin_with_bos, "learnEndOfText": tokenizer.pad_token_id != tokenizer.eos_token_id}
