"""The verb `lm-eval`: any task of EleutherAI's lm-evaluation-harness, with one unit of work for each language."""

from mixcpt_evaluate.run_units import UnitEvaluator, run_units
from mixcpt_evaluate.score_files import EvaluationUnit, list_units, write_scores
from mixcpt_evaluate.task_spec import ALL_BACKENDS, TaskSpec, read_task_spec
from mixcpt_evaluate.tasks.harness_definition import HarnessBenchmark, read_harness_benchmark
from mixcpt_evaluate.tasks.harness_results import build_predictions, build_score
from mixcpt_evaluate.tasks.harness_tasks import HarnessTasks
from mixcpt_store.spec import Spec


def run_lm_eval(spec: Spec) -> int:
    benchmark = read_harness_benchmark(spec)
    task = read_task_spec(spec, with_directions=False, backends=ALL_BACKENDS)
    units = list_units(benchmark.name, task.languages)
    return run_units(task, units, lambda: load_harness_evaluator(benchmark, task))


def load_harness_evaluator(benchmark: HarnessBenchmark, task: TaskSpec) -> UnitEvaluator:
    """Loads the harness's list of tasks, then the model. Raises InputError when the image has another harness."""
    tasks = HarnessTasks.load(benchmark, task)
    from mixcpt_evaluate.backends.harness_model import load_harness_model

    model = load_harness_model(task)

    def evaluate_unit(unit: EvaluationUnit) -> None:
        results, samples = tasks.evaluate(unit, model)
        write_scores(
            task.output,
            unit,
            checkpoint=task.checkpoint,
            scores=[build_score(benchmark, results, seed=task.seed, backend=task.backend)],
            predictions=build_predictions(benchmark, samples),
            serving=task.serving if task.backend == "vllm" else None,
        )

    return evaluate_unit
