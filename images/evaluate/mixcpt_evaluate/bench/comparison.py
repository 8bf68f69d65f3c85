"""Runs the study's way and ours on the same model and items."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from mixcpt_evaluate.backends.labels import select_label
from mixcpt_evaluate.backends.transformers_backend import TransformersBackend
from mixcpt_evaluate.bench.cost_model import classify_flops, decode_seconds
from mixcpt_evaluate.bench.machine_speed import Clock, bandwidth, matmul_throughput
from mixcpt_evaluate.bench.synthetic_models import NumberTokenizer, prompts, random_llama, shape_of
from mixcpt_evaluate.task_spec import Generation

if TYPE_CHECKING:
    from transformers import PreTrainedModel

# The tokens that stand for the seven labels.
LABELS = tuple(str(token) for token in range(11, 18))
BATCH_TOKENS = {"cpu": 16_384, "cuda": 65_536}


@dataclass(frozen=True)
class Result:
    """Medians in seconds; `equal` of `items` answers are the same in both ways."""

    task: str
    items: int
    authors: float
    ours: float
    bound: float
    equal: int


@dataclass(frozen=True)
class Bench:
    model: "PreTrainedModel"
    device: str
    clock: Clock
    rounds: int

    @classmethod
    def of(cls, size: str, device: str, clock: Clock, rounds: int) -> "Bench":
        return cls(random_llama(size, device), device, clock, rounds)

    def sib200(self, items: int) -> Result:
        texts = prompts(items, seed=1)
        backend = self._backend()
        flops = classify_flops(shape_of(self.model), [len(text.split()) for text in texts])
        return self._result(
            "sib200",
            lambda: flops / self._throughput(),
            lambda: self._classify_singly(texts),
            lambda: backend.classify(texts, LABELS),
        )

    def flores200(self, items: int, new_tokens: int) -> Result:
        texts = prompts(items, seed=2)
        backend = self._backend()
        generation = Generation(new_tokens, 0.0, 0.9, 1.2)
        shape, lengths = shape_of(self.model), [len(text.split()) for text in texts]
        return self._result(
            "flores200",
            lambda: decode_seconds(
                shape, lengths, new_tokens, self._throughput(), bandwidth(self.device, self.clock, rounds=5)
            ),
            lambda: self._translate_singly(texts, generation),
            lambda: backend.generate(texts, generation, 42),
        )

    def _throughput(self) -> float:
        return matmul_throughput(self.model, self.device, self.clock, rounds=9)

    def _backend(self) -> TransformersBackend:
        return TransformersBackend(self.model, NumberTokenizer(), BATCH_TOKENS[self.device])

    def _result(
        self,
        task: str,
        bound: Callable[[], float],
        authors: Callable[[], list[str]],
        ours: Callable[[], list[str]],
    ) -> Result:
        """All three take turns, so that a load that comes and goes meets each of them."""
        seconds: dict[str, list[float]] = {"authors": [], "ours": []}
        bounds: list[float] = []
        answers: dict[str, list[str]] = {}
        for _ in range(self.rounds):
            for name, way in (("ours", ours), ("authors", authors)):
                bounds.append(bound())
                start = self.clock()
                answers[name] = way()
                seconds[name].append(self.clock() - start)
        equal = sum(one == other for one, other in zip(answers["ours"], answers["authors"], strict=True))
        return Result(
            task,
            len(answers["ours"]),
            median(seconds["authors"]),
            median(seconds["ours"]),
            median(bounds),
            equal,
        )

    def _classify_singly(self, texts: list[str]) -> list[str]:
        """One item at a time, logits at all positions."""
        import torch

        wanted = [int(label) for label in LABELS]
        answers = []
        with torch.no_grad():
            for text in texts:
                tokens = torch.tensor([NumberTokenizer()(text).input_ids], device=self.device)
                logits = self.model(input_ids=tokens, attention_mask=torch.ones_like(tokens)).logits[0, -1]
                answers.append(select_label(logits[wanted].tolist(), LABELS))
        return answers

    def _translate_singly(self, texts: list[str], generation: Generation) -> list[str]:
        """One sentence at a time with transformers' own generate and its cache."""
        import torch

        answers = []
        for text in texts:
            tokens = torch.tensor([NumberTokenizer()(text).input_ids], device=self.device)
            written = self.model.generate(
                input_ids=tokens,
                attention_mask=torch.ones_like(tokens),
                do_sample=False,
                max_new_tokens=generation.max_new_tokens,
                repetition_penalty=generation.repetition_penalty,
                eos_token_id=NumberTokenizer.eos_token_id,
                pad_token_id=0,
            )[0, tokens.shape[1] :]
            answers.append(NumberTokenizer().decode(written.tolist()))
        return answers
