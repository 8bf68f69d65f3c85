"""The most tokens that a model can read, and the refusal of longer prompts."""

from typing import Any

from mixcpt_evaluate.backends.protocols import Unanswered

# Ways to scale rotary embeddings for which max_position_embeddings is still the length before scaling.
_SCALED_TYPES = ("linear", "dynamic")


def read_position_limit(config: Any) -> int | None:
    """Returns the most tokens for which a model with this configuration has positions; None if there is no limit.

    `config` is transformers' configuration of the model. The rule is that by which vLLM derives max_model_len.
    """
    limit = getattr(config, "max_position_embeddings", None)
    if not isinstance(limit, int) or limit <= 0:
        return None
    rope = getattr(config, "rope_parameters", None) or getattr(config, "rope_scaling", None)
    if not isinstance(rope, dict):
        return limit
    kind, factor = rope.get("rope_type", rope.get("type")), rope.get("factor")
    if not isinstance(factor, (int, float)):
        return limit
    if kind in _SCALED_TYPES:
        return int(limit * factor)
    if kind == "yarn":
        return max(limit, int(rope.get("original_max_position_embeddings", 0) * factor))
    return limit


def refuse_long_prompt(tokens: int, limit: int | None, *, room: int) -> Unanswered | None:
    """Returns the refusal of a prompt that leaves no `room` for new tokens; None for a prompt that fits."""
    if limit is None or tokens + room <= limit:
        return None
    return Unanswered(
        f"the prompt has {tokens} tokens; the model reads at most {limit} (max_position_embeddings of its config.json)"
    )
