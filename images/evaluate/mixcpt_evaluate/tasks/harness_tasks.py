"""Evaluates tasks of lm-evaluation-harness on data of the store, without any access to a network."""

import difflib
import json
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mixcpt_evaluate.backends.library_environment import prepare_library_environment
from mixcpt_evaluate.score_files import EvaluationUnit
from mixcpt_evaluate.task_spec import TaskSpec
from mixcpt_evaluate.tasks.harness_definition import STUDY_BATCH_SIZE, HarnessBenchmark
from mixcpt_store.errors import InputError, RetryableError
from mixcpt_store.listing import list_matching_paths

_SETTINGS = {
    "HF_HUB_OFFLINE": "1",
    "HF_DATASETS_OFFLINE": "1",
    "HF_DATASETS_DISABLE_PROGRESS_BARS": "1",
    "TQDM_DISABLE": "1",
}


@dataclass(frozen=True)
class HarnessTasks:
    """`manager` is the harness's list of tasks: its own, and those in the folder of data copied by hand."""

    benchmark: HarnessBenchmark
    task: TaskSpec
    manager: Any

    @classmethod
    def load(cls, benchmark: HarnessBenchmark, task: TaskSpec) -> "HarnessTasks":
        """Raises InputError when the image has another version of the harness than the spec names."""
        prepare_library_environment()
        for name, value in _SETTINGS.items():
            os.environ.setdefault(name, value)
        _require_version(benchmark.version)
        from lm_eval.tasks import TaskManager

        # A task file may name Python functions, so none is read from a download.
        own = None if benchmark.dataset else str(benchmark.locate_data(task.benchmarks))
        return cls(benchmark, task, TaskManager(include_path=own))

    def evaluate(self, unit: EvaluationUnit, model: Any) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """Returns the harness's results and samples, which are also kept as its own files beside the score file."""
        from lm_eval import simple_evaluate

        seed = self.task.seed
        results = simple_evaluate(
            model=model,
            tasks=[self._load_task(unit.language)],
            task_manager=self.manager,
            num_fewshot=self.task.shots,
            limit=self.task.limit,
            batch_size=STUDY_BATCH_SIZE if self.task.backend == "transformers" else "auto",
            # The report computes intervals; those of the harness take a pool of processes.
            bootstrap_iters=0,
            random_seed=seed,
            numpy_random_seed=seed,
            torch_random_seed=seed,
            fewshot_random_seed=seed,
        )
        (samples,) = results.pop("samples").values()
        self._write_files(unit, results, samples)
        return results, samples

    def _load_task(self, language: str) -> Any:
        """Returns the task with its dataset read from the store.

        Raises InputError for an unknown task, a wrong number of items or a metric that the task does not compute.
        """
        name = self.benchmark.get_task_name(language)
        source = self._find_task_file(name)
        with tempfile.TemporaryDirectory(prefix="mixcpt-task-") as folder:
            path = Path(folder) / f"{name}.yaml"
            data = self.benchmark.locate_data(self.task.benchmarks)
            # JSON is YAML
            path.write_text(json.dumps({"include": str(source), "dataset_path": str(data)}), encoding="utf-8")
            (loaded,) = self.manager.load([str(path)])["tasks"].values()
        self._check_items(name, len(loaded.eval_docs))
        self._check_metric(name, loaded)
        return loaded

    def _find_task_file(self, name: str) -> Path:
        entry = self.manager.task_index.get(name)
        if name not in self.manager.all_subtasks or entry.yaml_path is None:
            similar = ", ".join(difflib.get_close_matches(name, self.manager.all_subtasks, n=3)) or "none"
            what = "has no task" if entry is None else "has a group of tasks, not a task,"
            raise InputError(
                f"spec.benchmark.task: lm_eval {self.benchmark.version} {what} {name}; similar ones: {similar}; "
                f"your own tasks are read from the folder {self.benchmark.name} of data copied by hand"
            )
        return Path(entry.yaml_path)

    def _check_items(self, name: str, found: int) -> None:
        if found != self.benchmark.items:
            raise InputError(
                f"{self.benchmark.locate_data(self.task.benchmarks)}: {name} has {found} items; "
                f"spec.benchmark.items is {self.benchmark.items}, so a file may be truncated or items be wrong"
            )

    def _check_metric(self, name: str, loaded: Any) -> None:
        directions = loaded.higher_is_better()
        metric = self.benchmark.metric_name
        allowed = ", ".join(key for key, is_higher_better in directions.items() if is_higher_better)
        if not directions.get(metric):
            reason = "of which less is better" if metric in directions else "which the task does not compute"
            raise InputError(f"spec.benchmark.metric: {name} is not scored by {metric}, {reason}; allowed: {allowed}")

    def _write_files(self, unit: EvaluationUnit, results: dict[str, Any], samples: list[dict[str, Any]]) -> None:
        """Writes results_*.json and samples_*.jsonl as the harness's own command does.

        Raises RetryableError when a file is incomplete: the harness only logs why.
        """
        from lm_eval.loggers import EvaluationTracker

        folder = self.task.output / f"{unit.file_stem}.lm-eval"
        shutil.rmtree(folder, ignore_errors=True)
        tracker = EvaluationTracker(output_path=str(folder))
        tracker.general_config_tracker.log_experiment_args(
            model_source="hf" if self.task.backend == "transformers" else self.task.backend,
            model_args={"pretrained": str(self.task.checkpoint)},
            system_instruction=None,
            chat_template=None,
            fewshot_as_multiturn=False,
        )
        (name,) = results["configs"]
        tracker.save_results_aggregated(results=results, samples={name: samples})
        tracker.save_results_samples(task_name=name, samples=samples)
        lines = sum(path.read_bytes().count(b"\n") for path in list_matching_paths(folder, "**/samples_*.jsonl"))
        if not list_matching_paths(folder, "**/results_*.json") or lines != len(samples):
            raise RetryableError(f"{folder}: the harness could not write its files; see the log of the pod")


def _require_version(version: str) -> None:
    try:
        import lm_eval
    except ImportError as error:
        raise InputError(f"lm_eval is not installed in this image ({error}); build the image again") from error
    if lm_eval.__version__ != version:
        raise InputError(
            f"spec.benchmark.harness: {version} is not the version of this image, {lm_eval.__version__}; "
            "build the image from the same commit as the stack"
        )
