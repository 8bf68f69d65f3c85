"""Continues several sequences at once: each step adds a token to every row, and finished rows leave the batch."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Protocol

from mixcpt_evaluate.task_spec import Generation

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True)
class PromptSequence:
    """The tokens of a prompt, and the random generator of this sequence alone.

    With a generator for each sequence, its continuation does not depend on its neighbors in the batch.
    """

    tokens: list[int]
    random: Random


class CachedModel(Protocol):
    """A model with a key-value cache of what each row has read.

    Logits are [rows, vocabulary], after the last token.
    """

    def prefill(self, prompts: list[list[int]], new_tokens: int) -> "torch.Tensor":
        """Reads the prompts and returns logits; fewer than `new_tokens` tokens will follow in each row."""
        ...

    def decode_step(self, tokens: "torch.Tensor") -> "torch.Tensor":
        """Reads one more token in each row and returns logits; `tokens` is [rows]."""
        ...

    def select_rows(self, kept: list[int]) -> None:
        """Replaces row i by row `kept[i]`; rows that are not in `kept` are dropped."""
        ...


def decode_sequences(
    model: CachedModel,
    sequences: list[PromptSequence],
    generation: Generation,
    *,
    is_finished: Callable[[list[int]], bool],
) -> list[list[int]]:
    """Returns the tokens that follow each sequence, including the token that ends it.

    There are at most `generation.max_new_tokens` of them.
    """
    import torch

    written: list[list[int]] = [[] for _ in sequences]
    rows = list(range(len(sequences)))
    logits = model.prefill([sequence.tokens for sequence in sequences], generation.max_new_tokens)
    seen = _pad_prompts([sequence.tokens for sequence in sequences], logits)
    while True:
        penalized = _apply_repetition_penalty(logits.float(), seen, generation)
        tokens = _sample_tokens(penalized, [sequences[row].random for row in rows], generation)
        for row, token in zip(rows, tokens.tolist(), strict=True):
            written[row].append(token)
        full = len(written[rows[0]]) == generation.max_new_tokens
        kept = select_unfinished_rows([full or is_finished(written[row]) for row in rows])
        if not kept:
            return written
        if len(kept) < len(rows):
            model.select_rows(kept)
            rows = [rows[row] for row in kept]
            seen, tokens = seen[kept], tokens[kept]
        seen = torch.cat([seen, tokens[:, None]], dim=1)
        logits = model.decode_step(tokens)


def select_unfinished_rows(finished: list[bool]) -> list[int]:
    """Returns the rows that continue, in their new order: the last ones fill the gaps, so that few rows move."""
    unfinished = [row for row, done in enumerate(finished) if not done]
    return [unfinished.pop() if done else row for row, done in enumerate(finished[: len(unfinished)])]


def _pad_prompts(tokens: list[list[int]], like: "torch.Tensor") -> "torch.Tensor":
    """Returns [rows, longest]. The padding is a row's own first token, so that the set of its tokens is unchanged."""
    import torch

    longest = max(map(len, tokens))
    return torch.tensor([row[:1] * (longest - len(row)) + row for row in tokens], device=like.device)


def _apply_repetition_penalty(logits: "torch.Tensor", seen: "torch.Tensor", generation: Generation) -> "torch.Tensor":
    """Lowers, in place, the logits of tokens that occur in the prompt or its continuation.

    The formula is that of Keskar et al., arXiv 1909.05858, section 4.1.
    """
    import torch

    penalty = generation.repetition_penalty
    own = logits.gather(1, seen)
    return logits.scatter_(1, seen, torch.where(own > 0, own / penalty, own * penalty))


def _sample_tokens(logits: "torch.Tensor", generators: list[Random], generation: Generation) -> "torch.Tensor":
    """Returns one token for each row.

    At temperature 0 it is the most likely token; otherwise it is drawn from the fewest tokens whose probabilities
    add up to top_p.
    """
    import torch

    if generation.temperature == 0:
        return logits.argmax(dim=-1)
    ordered, tokens = (logits / generation.temperature).sort(dim=-1, descending=True)
    cumulative = ordered.softmax(dim=-1).cumsum(dim=-1)
    kept = 1 + (cumulative[:, :-1] < generation.top_p).sum(dim=-1)
    mass = cumulative.gather(1, kept[:, None] - 1)
    draws = torch.tensor([[generator.random()] for generator in generators], device=logits.device)
    drawn = torch.searchsorted(cumulative, draws * mass).clamp(max=kept[:, None] - 1)
    return tokens.gather(1, drawn)[:, 0]
