"""BLEU and chrF++ of one language and direction, with the signatures that say how they were computed."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mixcpt_store.errors import InputError

_FLORES_TOKENIZER = "flores200"
_OFFLINE_TOKENIZER = "char"
_MODEL_FILE = "flores200sacrebleuspm"


@dataclass(frozen=True)
class Score:
    metric: str
    value: float
    signature: str


def translation_scores(hypotheses: Sequence[str], references: Sequence[str], edition: str | None = None) -> list[Score]:
    """Corpus scores from 0 to 100. The signature names the `edition` of the benchmark, where it is not
    FLORES-200 itself.

    The study's BLEU tokenizer is a model that sacreBLEU downloads. Where it is not in the image, BLEU counts
    characters, which treats scripts with and without spaces alike; the signature says tok:char then, and
    such a value must not be set beside a published one.
    """
    from sacrebleu.metrics import BLEU, CHRF

    scores = [
        _score("bleu", BLEU(tokenize=bleu_tokenizer()), hypotheses, references),
        _score("chrf++", CHRF(word_order=2), hypotheses, references),
    ]
    named = f"|edition:{edition}" if edition else ""
    return [replace(score, signature=score.signature + named) for score in scores]


def bleu_tokenizer() -> str:
    folder = Path(os.environ.get("SACREBLEU", Path.home() / ".sacrebleu")) / "models"
    return _FLORES_TOKENIZER if (folder / _MODEL_FILE).is_file() else _OFFLINE_TOKENIZER


def require_bleu_tokenizer(wanted: str) -> None:
    """Raises InputError where this image would take another; `wanted` may be empty."""
    if wanted and bleu_tokenizer() != wanted:
        raise InputError(
            f"spec.bleuTokenizer is {wanted!r}, which this image lacks, for it was built offline; build it "
            "with images/build and an empty --cache where the address in "
            "images/evaluate/fetch-flores200-tokenizer can be reached"
        )


def _score(name: str, metric: object, hypotheses: Sequence[str], references: Sequence[str]) -> Score:
    value = metric.corpus_score(list(hypotheses), [list(references)]).score  # type: ignore[attr-defined]
    return Score(name, round(value, 4), str(metric.get_signature()))  # type: ignore[attr-defined]
