"""Continues several sequences at once: a token a row and step; rows leave as they end."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Protocol

from mixcpt_evaluate.task_spec import Generation

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True)
class Sequence:
    """`tokens` of a prompt, and the source of chance of this sequence alone: what it gets does not depend on
    its neighbours."""

    tokens: list[int]
    random: Random


class Reader(Protocol):
    """A model that remembers what each row has read. Logits are [rows, vocabulary], after the last token."""

    def start(self, prompts: list[list[int]], new_tokens: int) -> "torch.Tensor":
        """Reads the prompts; fewer than `new_tokens` tokens will follow in each row."""
        ...

    def read(self, tokens: "torch.Tensor") -> "torch.Tensor":
        """Reads one more token in each row; `tokens` is [rows]."""
        ...

    def keep(self, places: list[int]) -> None:
        """Row i is from now on what row `places[i]` was; the others are forgotten."""
        ...


def decode(
    reader: Reader,
    sequences: list[Sequence],
    generation: Generation,
    is_finished: Callable[[list[int]], bool],
) -> list[list[int]]:
    """The tokens that follow each sequence, the one that ends it included. At most
    `generation.max_new_tokens`."""
    import torch

    written: list[list[int]] = [[] for _ in sequences]
    rows = list(range(len(sequences)))
    logits = reader.start([sequence.tokens for sequence in sequences], generation.max_new_tokens)
    seen = _padded([sequence.tokens for sequence in sequences], logits)
    while True:
        chosen = _choose(_penalised(logits.float(), seen, generation), sequences, rows, generation)
        for row, token in zip(rows, chosen.tolist(), strict=True):
            written[row].append(token)
        full = len(written[rows[0]]) == generation.max_new_tokens
        places = remaining([full or is_finished(written[row]) for row in rows])
        if not places:
            return written
        if len(places) < len(rows):
            reader.keep(places)
            rows = [rows[place] for place in places]
            seen, chosen = seen[places], chosen[places]
        seen = torch.cat([seen, chosen[:, None]], dim=1)
        logits = reader.read(chosen)


def remaining(finished: list[bool]) -> list[int]:
    """Places of the rows that go on; the last of them fill the gaps, so that few rows move."""
    going = [place for place, done in enumerate(finished) if not done]
    return [going.pop() if done else place for place, done in enumerate(finished[: len(going)])]


def _padded(tokens: list[list[int]], like: "torch.Tensor") -> "torch.Tensor":
    """[rows, longest]: a row is filled up with its own first token, so that the same tokens occur in it."""
    import torch

    longest = max(map(len, tokens))
    return torch.tensor([row[:1] * (longest - len(row)) + row for row in tokens], device=like.device)


def _penalised(logits: "torch.Tensor", seen: "torch.Tensor", generation: Generation) -> "torch.Tensor":
    """What occurs in prompt or answer gets less likely: Keskar et al., arXiv 1909.05858, section 4.1.
    Changes `logits` in place."""
    import torch

    penalty = generation.repetition_penalty
    own = logits.gather(1, seen)
    return logits.scatter_(1, seen, torch.where(own > 0, own / penalty, own * penalty))


def _choose(
    logits: "torch.Tensor", sequences: list[Sequence], rows: list[int], generation: Generation
) -> "torch.Tensor":
    """One token a row. Temperature 0: the likeliest; else a draw from the fewest tokens whose probabilities
    reach top_p."""
    import torch

    if generation.temperature == 0:
        return logits.argmax(dim=-1)
    ordered, tokens = (logits / generation.temperature).sort(dim=-1, descending=True)
    reached = ordered.softmax(dim=-1).cumsum(dim=-1)
    kept = 1 + (reached[:, :-1] < generation.top_p).sum(dim=-1)
    mass = reached.gather(1, kept[:, None] - 1)
    draws = torch.tensor([[sequences[row].random.random()] for row in rows], device=logits.device)
    drawn = torch.searchsorted(reached, draws * mass).clamp(max=kept[:, None] - 1)
    return tokens.gather(1, drawn)[:, 0]
