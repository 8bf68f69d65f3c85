"""A benchmark that lm-evaluation-harness evaluates: its tasks, metric and data."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mixcpt_evaluate.tasks.benchmark_definitions import read_benchmark_name
from mixcpt_store.errors import InputError
from mixcpt_store.spec import Spec

# The --batch_size of the study's script for Belebele (MaLA-LM/MixCPT, evaluation/Belebele/eval_belebele.sh).
STUDY_BATCH_SIZE = 4
_LANGUAGE = "{language}"


@dataclass(frozen=True)
class HarnessBenchmark:
    """`task` is a name with {language}, or `tasks` has the name of each language's task.

    `version` is that of the harness. `metric` is a key of its results: `acc`, or `exact_match,strict-match` with the
    filter of the answers. `items` are those of a language. `dataset` is `repository@commit` of data from the hub; data
    copied by hand have none.
    """

    name: str
    version: str
    task: str
    tasks: Mapping[str, str]
    metric: str
    items: int
    dataset: str

    def get_task_name(self, language: str) -> str:
        """Raises InputError for a language without a task."""
        name = self.task.replace(_LANGUAGE, language) if self.task else self.tasks.get(language)
        if name is None:
            raise InputError(f"spec.benchmark.tasks: has no task for {language}; it has {', '.join(self.tasks)}")
        return name

    def locate_data(self, benchmarks: Path) -> Path:
        """Returns the folder of the data: that of the download, or the one with the benchmark's name."""
        return benchmarks if self.dataset else benchmarks / self.name

    @property
    def result_key(self) -> str:
        """The key of the metric in the harness's results, always with the filter."""
        return self.metric if "," in self.metric else f"{self.metric},none"

    @property
    def metric_name(self) -> str:
        """The metric without the filter."""
        return self.metric.split(",")[0]


def read_harness_benchmark(spec: Spec) -> HarnessBenchmark:
    """Reads a benchmark that the stack defines."""
    definition = spec.get_child("benchmark")
    definition.get_text("kind", allowed=("lm-eval",))
    task = definition.get_text("task", default="")
    tasks = {str(language): str(name) for language, name in definition.get_mapping("tasks", default={}).items()}
    if bool(task) == bool(tasks):
        definition.add_problem("task", "or tasks must be given, and not both")
    if task and _LANGUAGE not in task:
        definition.add_problem("task", f"is {task!r}; it must contain {_LANGUAGE}, or use tasks: a task per language")
    return HarnessBenchmark(
        read_benchmark_name(definition),
        definition.get_text("harness"),
        task,
        tasks,
        definition.get_text("metric"),
        definition.get_integer("items", minimum=1),
        definition.get_text("dataset", default=""),
    )
