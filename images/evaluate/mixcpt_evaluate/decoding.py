"""Continues several sequences at once: left padding, one KV cache, rows leave as they end."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from mixcpt_evaluate.task_spec import Generation

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel


@dataclass(frozen=True)
class Sequence:
    """`tokens` of a prompt, and the source of chance of this sequence alone: what it gets does not depend on
    its neighbours."""

    tokens: list[int]
    random: Random


def decode(
    model: "PreTrainedModel",
    sequences: list[Sequence],
    generation: Generation,
    is_finished: Callable[[list[int]], bool],
) -> list[list[int]]:
    """The tokens that follow each sequence, the one that ends it included. At most
    `generation.max_new_tokens`."""
    import torch
    from transformers import DynamicCache

    written: list[list[int]] = [[] for _ in sequences]
    rows = list(range(len(sequences)))
    tokens, mask, seen = _left_padded(model, [sequence.tokens for sequence in sequences])
    positions = (mask.cumsum(dim=1) - 1).clamp(min=0)
    cache = DynamicCache(config=model.config)
    for _ in range(generation.max_new_tokens):
        logits = model(
            input_ids=tokens,
            attention_mask=mask,
            position_ids=positions,
            past_key_values=cache,
            use_cache=True,
            logits_to_keep=1,
        ).logits[:, -1]
        chosen = _choose(_penalised(logits.float(), seen, generation), sequences, rows, generation)
        for row, token in zip(rows, chosen.tolist(), strict=True):
            written[row].append(token)
        still = [index for index, row in enumerate(rows) if not is_finished(written[row])]
        if not still:
            break
        if len(still) < len(rows):
            keep = torch.tensor(still, device=mask.device)
            cache.batch_select_indices(keep)
            rows = [rows[index] for index in still]
            mask, seen, chosen, positions = mask[keep], seen[keep], chosen[keep], positions[keep]
        tokens = chosen[:, None]
        seen.scatter_(1, tokens, True)
        mask = torch.cat([mask, mask.new_ones(len(rows), 1)], dim=1)
        positions = positions[:, -1:] + 1
    return written


def _left_padded(
    model: "PreTrainedModel", sequences: list[list[int]]
) -> "tuple[torch.Tensor, torch.Tensor, torch.Tensor]":
    """Tokens and mask, both [rows, longest], and which tokens occur, [rows, vocabulary], padding left out."""
    import torch

    longest = max(map(len, sequences))
    device = model.device
    tokens = torch.tensor([[0] * (longest - len(row)) + row for row in sequences], device=device)
    mask = torch.tensor([[0] * (longest - len(row)) + [1] * len(row) for row in sequences], device=device)
    occurrences = torch.zeros(len(sequences), model.config.vocab_size, device=device)
    return tokens, mask, occurrences.scatter_add_(1, tokens, mask.float()) > 0


def _penalised(logits: "torch.Tensor", seen: "torch.Tensor", generation: Generation) -> "torch.Tensor":
    """What occurs in prompt or answer gets less likely: Keskar et al., arXiv 1909.05858, section 4.1."""
    import torch

    penalty = generation.repetition_penalty
    return torch.where(seen, torch.where(logits > 0, logits / penalty, logits * penalty), logits)


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
