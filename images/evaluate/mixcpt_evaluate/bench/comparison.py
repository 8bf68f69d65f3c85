"""Times the study's way and this package's batched way on the same model and items."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from mixcpt_evaluate.backends.labels import select_label
from mixcpt_evaluate.backends.protocols import Answer
from mixcpt_evaluate.backends.transformers_backend import TransformersBackend
from mixcpt_evaluate.bench.cost_model import count_classification_flops, estimate_decode_seconds
from mixcpt_evaluate.bench.machine_speed import Clock, measure_bandwidth, measure_matmul_throughput
from mixcpt_evaluate.bench.synthetic_models import NumberTokenizer, generate_prompts, read_model_shape
from mixcpt_evaluate.task_spec import Generation

if TYPE_CHECKING:
    from transformers import PreTrainedModel

# The tokens that represent SIB-200's seven labels.
_BENCH_LABELS = tuple(str(token) for token in range(11, 18))
_BENCH_BATCH_TOKENS = {"cpu": 16_384, "cuda": 65_536}


@dataclass(frozen=True)
class ComparisonResult:
    """Medians in seconds; `equal_answers` of the `items` answers are the same in both ways."""

    task: str
    items: int
    study_seconds: float
    batched_seconds: float
    bound_seconds: float
    equal_answers: int


@dataclass(frozen=True)
class Comparison:
    model: "PreTrainedModel"
    device: str
    clock: Clock
    rounds: int

    def compare_sib200(self, items: int) -> ComparisonResult:
        texts = generate_prompts(items, seed=1)
        backend = self._build_backend()
        flops = count_classification_flops(read_model_shape(self.model), [len(text.split()) for text in texts])
        return self._compare_task(
            "sib200",
            bound=lambda: flops / self._measure_throughput(),
            study=lambda: self._classify_one_by_one(texts),
            batched=lambda: backend.classify(texts, _BENCH_LABELS),
        )

    def compare_flores200(self, items: int, new_tokens: int) -> ComparisonResult:
        texts = generate_prompts(items, seed=2)
        backend = self._build_backend()
        generation = Generation(new_tokens, 0.0, 0.9, 1.2)
        shape, lengths = read_model_shape(self.model), [len(text.split()) for text in texts]
        return self._compare_task(
            "flores200",
            bound=lambda: estimate_decode_seconds(
                shape,
                lengths,
                new_tokens,
                flops_per_second=self._measure_throughput(),
                bytes_per_second=measure_bandwidth(self.device, self.clock, rounds=5),
            ),
            study=lambda: self._translate_one_by_one(texts, generation),
            batched=lambda: backend.generate(texts, generation, 42),
        )

    def _measure_throughput(self) -> float:
        return measure_matmul_throughput(self.model, self.device, self.clock, rounds=9)

    def _build_backend(self) -> TransformersBackend:
        return TransformersBackend(self.model, NumberTokenizer(), _BENCH_BATCH_TOKENS[self.device])

    def _compare_task(
        self,
        task: str,
        *,
        bound: Callable[[], float],
        study: Callable[[], Sequence[Answer]],
        batched: Callable[[], Sequence[Answer]],
    ) -> ComparisonResult:
        """Alternates between all three, so that a varying load affects each of them."""
        seconds: dict[str, list[float]] = {"study": [], "batched": []}
        bounds: list[float] = []
        answers: dict[str, Sequence[Answer]] = {}
        for _ in range(self.rounds):
            for name, answer_items in (("batched", batched), ("study", study)):
                bounds.append(bound())
                start = self.clock()
                answers[name] = answer_items()
                seconds[name].append(self.clock() - start)
        equal = sum(one == other for one, other in zip(answers["batched"], answers["study"], strict=True))
        return ComparisonResult(
            task,
            len(answers["batched"]),
            study_seconds=median(seconds["study"]),
            batched_seconds=median(seconds["batched"]),
            bound_seconds=median(bounds),
            equal_answers=equal,
        )

    def _classify_one_by_one(self, texts: list[str]) -> list[str]:
        """Classifies one item at a time, with logits at all positions."""
        import torch

        wanted = [int(label) for label in _BENCH_LABELS]
        answers = []
        with torch.no_grad():
            for text in texts:
                tokens = torch.tensor([NumberTokenizer()(text).input_ids], device=self.device)
                logits = self.model(input_ids=tokens, attention_mask=torch.ones_like(tokens)).logits[0, -1]
                answers.append(select_label(logits[wanted].tolist(), _BENCH_LABELS))
        return answers

    def _translate_one_by_one(self, texts: list[str], generation: Generation) -> list[str]:
        """Translates one sentence at a time, with transformers' own generate and its cache."""
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
