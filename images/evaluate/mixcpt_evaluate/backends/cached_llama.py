"""A plain Llama on a CPU with a key-value cache that is allocated once."""

from typing import TYPE_CHECKING

from mixcpt_evaluate.backends.plain_llama import PlainLlama, compute_last_hidden_states

if TYPE_CHECKING:
    import torch


class CachedLlama:
    """Implements CachedModel.

    All rows end in the same column of the cache; the mask hides the columns before a row's prompt.
    """

    def __init__(self, llama: PlainLlama) -> None:
        self._llama = llama

    def prefill(self, prompts: list[list[int]], new_tokens: int) -> "torch.Tensor":
        """Reads the prompts one by one: a single prompt keeps a CPU busy, and none needs padding."""
        import torch

        self._end = max(map(len, prompts))
        columns = self._end + new_tokens
        self._caches = [
            torch.zeros(2, len(prompts), layer.key_heads, columns, layer.head_width) for layer in self._llama.layers
        ]
        self._positions = torch.tensor([[len(prompt)] for prompt in prompts])
        self._mask = torch.zeros(len(prompts), 1, 1, columns)
        hidden = torch.cat([self._prefill_row(row, prompt) for row, prompt in enumerate(prompts)])
        return self._compute_logits(hidden)

    def decode_step(self, tokens: "torch.Tensor") -> "torch.Tensor":
        import torch

        hidden, rotary = self._llama.embed(tokens[:, None], self._positions)
        for cache, layer in zip(self._caches, self._llama.layers, strict=True):
            queries, keys, values = layer.compute_attention_inputs(hidden, rotary)
            cache[0, : len(tokens), :, self._end] = keys[:, :, 0]
            cache[1, : len(tokens), :, self._end] = values[:, :, 0]
            keys, values = cache[:, : len(tokens), :, : self._end + 1]
            # Query heads that share a key head are passed as if they were positions of one head.
            grouped = queries.reshape(len(tokens), layer.key_heads, -1, layer.head_width)
            attended = torch.nn.functional.scaled_dot_product_attention(
                grouped, keys, values, attn_mask=self._mask[: len(tokens), ..., : self._end + 1]
            )
            layer.add_attention_and_mlp(hidden, attended.reshape(queries.shape))
        self._end += 1
        self._positions += 1
        return self._compute_logits(self._llama.final_norm(hidden)[:, 0])

    def select_rows(self, kept: list[int]) -> None:
        """Moves rows within the cache: those that keep their index are not copied."""
        moved = [row for row, source in enumerate(kept) if row != source]
        sources = [kept[row] for row in moved]
        for cache in self._caches:
            cache[:, moved] = cache[:, sources]
        self._mask[moved] = self._mask[sources]
        self._positions = self._positions[kept]

    def _prefill_row(self, row: int, prompt: list[int]) -> "torch.Tensor":
        """Returns the last hidden state [1, width] of the prompt, whose keys and values enter the cache."""
        import torch

        start = self._end - len(prompt)
        self._mask[row, ..., :start] = float("-inf")

        def store_in_cache(layer: int, keys: "torch.Tensor", values: "torch.Tensor") -> None:
            self._caches[layer][0, row, :, start : self._end] = keys[0]
            self._caches[layer][1, row, :, start : self._end] = values[0]

        tokens, last = torch.tensor([prompt]), torch.tensor([len(prompt) - 1])
        return compute_last_hidden_states(self._llama, tokens, last, store=store_in_cache)

    def _compute_logits(self, hidden: "torch.Tensor") -> "torch.Tensor":
        return self._llama.model.get_output_embeddings()(hidden)
