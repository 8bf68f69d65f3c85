"""The verb `language-identification`: the share of kept translations that are in the target language.

It reads the predictions of a translation benchmark and generates nothing, so it needs neither a GPU nor the model that
is evaluated. There is one unit of work for each language and direction, as in the translation.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from mixcpt_evaluate.run_units import UnitEvaluator, run_share
from mixcpt_evaluate.score_files import EvaluationUnit, Score, is_unit_finished, list_units, write_scores
from mixcpt_evaluate.task_spec import read_directions
from mixcpt_evaluate.tasks.benchmark_definitions import read_benchmark_name
from mixcpt_evaluate.tasks.harness_results import shorten_commit
from mixcpt_evaluate.tasks.translation import get_language_pair
from mixcpt_store.errors import InputError
from mixcpt_store.language_labels import find_language_labels
from mixcpt_store.language_model import PACKAGED_MODEL, LanguageModel, load_language_model
from mixcpt_store.languages import check_language_codes
from mixcpt_store.spec import Spec

_LIBRARY = "fasttext-predict"
_NO_LETTERS = "no letters"


@dataclass(frozen=True)
class IdentificationTask:
    """`translations` is the folder of a translation benchmark's scores, `checkpoint` the model that wrote them.

    `language_model` is a file of fastText's format, or lid.176; `model` names it for people, with its commit if it has
    one. `library` is the version of the library that reads it.
    """

    name: str
    checkpoint: Path
    translations: Path
    output: Path
    languages: tuple[str, ...]
    directions: tuple[str, ...]
    language_model: str
    model: str
    library: str

    @property
    def signature(self) -> str:
        """How the values are computed."""
        return f"language_model:{shorten_commit(self.model)}|{_LIBRARY}:{self.library}"


def run_language_identification(spec: Spec) -> int:
    task = read_identification_task(spec)
    units = list_units(task.name, task.languages, task.directions)
    return run_share(task.output, units, lambda: load_identification_evaluator(task))


def read_identification_task(spec: Spec) -> IdentificationTask:
    """Raises InputError with everything that is wrong."""
    definition = spec.get_child("benchmark")
    definition.get_text("kind", allowed=("language-identification",))
    # The name of the translation benchmark, which `translations` leads to.
    definition.get_text("translations")
    languages = spec.get_texts("languages")
    check_language_codes(spec, "languages", languages)
    task = IdentificationTask(
        name=read_benchmark_name(definition),
        checkpoint=spec.get_path("checkpoint"),
        translations=spec.get_path("translations"),
        output=spec.get_path("output"),
        languages=tuple(languages),
        directions=read_directions(spec),
        language_model=spec.get_text("languageModel"),
        model=definition.get_text("model"),
        library=definition.get_text("library"),
    )
    spec.finish()
    return task


def load_identification_evaluator(task: IdentificationTask) -> UnitEvaluator:
    """Raises InputError when the image has another library, or for languages that the model cannot identify."""
    _require_library(task.library)
    model = load_language_model(task.language_model)
    _require_known_languages(model, task)

    def evaluate_unit(unit: EvaluationUnit) -> None:
        texts = read_translations(task, unit)
        _, target = get_language_pair(unit)
        predictions = [_identify(model, text, target) for text in texts]
        in_target = sum(prediction["in_target"] is True for prediction in predictions)
        share = round(100 * in_target / len(predictions), 4)
        write_scores(
            task.output,
            unit,
            checkpoint=task.checkpoint,
            scores=[Score("target_language", share, task.signature)],
            predictions=predictions,
        )

    return evaluate_unit


def read_translations(task: IdentificationTask, unit: EvaluationUnit) -> list[str]:
    """Returns the unit's translations in the order of the items; an item without an answer has an empty one.

    Raises InputError when they are missing, as after a failure of their evaluation, or damaged.
    """
    path = task.translations / f"{unit.file_stem}.predictions.jsonl"
    if not is_unit_finished(task.translations, unit):
        raise InputError(f"{path}: no finished translation; its own evaluation has no score of {unit.file_stem}")
    try:
        texts = [str(json.loads(line)["hyp_text"]) for line in path.read_text(encoding="utf-8").split("\n") if line]
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path}: not the predictions of a translation: {error!r}") from error
    if not texts:
        raise InputError(f"{path}: has no predictions")
    return texts


def _identify(model: LanguageModel, text: str, target: str) -> dict[str, object]:
    """Returns the prediction of one item. The model reads a single line; a text without letters is in no language."""
    has_letters = any(character.isalpha() for character in text)
    label = model.identify_language(" ".join(text.split())) if has_letters else _NO_LETTERS
    return {"hyp_text": text, "language": label, "in_target": label in find_language_labels(target)}


def _require_library(wanted: str) -> None:
    installed = version(_LIBRARY)
    if installed != wanted:
        raise InputError(f"spec.benchmark.library: is {wanted}; this image has {_LIBRARY} {installed}")


def _require_known_languages(model: LanguageModel, task: IdentificationTask) -> None:
    known = model.list_labels()
    unknown = _list_unknown(task.languages, known)
    if unknown:
        other = " or use GlotLID" if task.language_model == PACKAGED_MODEL else ""
        raise InputError(f"{task.model} cannot identify {', '.join(unknown)}; leave these languages out{other}")


def _list_unknown(languages: Sequence[str], known: frozenset[str]) -> list[str]:
    return [language for language in languages if not find_language_labels(language) & known]
