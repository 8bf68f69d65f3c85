"""BLEU and chrF++ of one language and direction, with the signatures that tell how they were computed."""

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from mixcpt_evaluate.score_files import Score
from mixcpt_store.errors import InputError
from mixcpt_store.presence import is_file

if TYPE_CHECKING:
    from sacrebleu.metrics.base import Metric

_FLORES_TOKENIZER = "flores200"
_OFFLINE_TOKENIZER = "char"
_TOKENIZER_FILE = "flores200sacrebleuspm"


def compute_translation_scores(
    hypotheses: Sequence[str], references: Sequence[str], edition: str | None = None
) -> list[Score]:
    """Returns corpus scores from 0 to 100. Their signatures name `edition`, unless it is None for FLORES-200 itself.

    The study's BLEU tokenizer is a model that sacreBLEU downloads. Without it in the image, BLEU counts characters,
    which treats scripts with and without spaces alike. The signature then has tok:char, and such a value must not
    be compared with a published one.
    """
    from sacrebleu.metrics.bleu import BLEU
    from sacrebleu.metrics.chrf import CHRF

    scores = [
        _compute_score("bleu", BLEU(tokenize=select_bleu_tokenizer()), hypotheses=hypotheses, references=references),
        _compute_score("chrf++", CHRF(word_order=2), hypotheses=hypotheses, references=references),
    ]
    suffix = f"|edition:{edition}" if edition else ""
    return [replace(score, signature=score.signature + suffix) for score in scores]


def select_bleu_tokenizer() -> str:
    """Returns the study's tokenizer when this image has its model, otherwise the one that counts characters."""
    folder = Path(os.environ.get("SACREBLEU") or Path("~/.sacrebleu").expanduser()) / "models"
    return _FLORES_TOKENIZER if is_file(folder / _TOKENIZER_FILE) else _OFFLINE_TOKENIZER


def require_bleu_tokenizer(wanted: str) -> None:
    """Raises InputError when this image would use another tokenizer than `wanted`; empty accepts any."""
    if wanted and select_bleu_tokenizer() != wanted:
        raise InputError(
            f"spec.bleuTokenizer: {wanted!r} is not available in this image, which was built without its model; build "
            "the image again with images/build and MIXCPT_FLORES200_TOKENIZER set to a file with the model, or with an "
            "empty --cache where the addresses in images/evaluate/fetch-flores200-tokenizer can be reached"
        )


def _compute_score(name: str, metric: "Metric", *, hypotheses: Sequence[str], references: Sequence[str]) -> Score:
    value = metric.corpus_score(list(hypotheses), [list(references)]).score
    return Score(name, round(value, 4), str(metric.get_signature()))
