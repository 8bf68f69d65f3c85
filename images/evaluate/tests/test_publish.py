"""Publishing: the ConfigMap has the content of the score files, and a damaged file is named."""

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest
from publish_fixture import RECIPE, FakeApiServer, build_client

from mixcpt_evaluate.publish.collect_results import collect_results
from mixcpt_evaluate.publish.publish_scores import publish_scores
from mixcpt_evaluate.publish.publish_spec import PublishSpec, read_publish_spec
from mixcpt_evaluate.publish.training_log import MAX_LOSS_POINTS, read_training_log
from mixcpt_store.errors import InputError
from mixcpt_store.spec import Spec


def test_publishes_scores_loss_recipe_and_provenance(publish: PublishSpec, server: FakeApiServer) -> None:
    publish_scores(lambda: build_client(server), publish)
    ((path, authorization, body),) = server.requests
    assert path == "/api/v1/namespaces/mixcpt/configmaps/scores-tiny?fieldManager=mixcpt-publish&force=true"
    assert authorization == "Bearer secret"
    assert body["metadata"]["labels"] == {"a": "b", "mixcpt.io/kind": "scores"}  # type: ignore[index]
    content = json.loads(body["data"]["scores.json"])  # type: ignore[index]
    assert content["scores"] == [
        {
            "benchmark": "sib200",
            "language": "zul_Latn",
            "direction": None,
            "items": 10,
            "metric": "accuracy",
            "value": 40.0,
            "signature": "s",
            "file": str(publish.scores[0] / "zul_Latn.json"),
        }
    ]
    assert content["loss"] == [[2, 3.5]]
    assert content["training"] == {"steps": 2, "seconds": 7, "devices": 16}
    assert content["recipe"] == RECIPE
    assert "corpus" not in content, "corpus statistics can have any size, and a ConfigMap is limited to 1 MiB"
    assert [attempt["image"][-1] for attempt in content["attempts"]] == ["0", "2"]
    assert content["image"] == "mixcpt.local/llama-factory:2", "the image of the last attempt, not that of the spec"
    assert content["evaluationImage"] == "mixcpt.local/evaluate:1"


def test_publishes_the_same_of_folders_that_are_linked_under_new_names(publish: PublishSpec, tmp_path: Path) -> None:
    links = tmp_path / "links"
    links.mkdir()
    targets = {"scores": publish.scores[0], "run": publish.run_directory}
    for name, target in targets.items():
        (links / name).symlink_to(str(target))
    content = collect_results(replace(publish, scores=(links / "scores",), run_directory=links / "run"))
    expected = collect_results(publish)
    assert [score.pop("file") for score in content["scores"]] == [str(links / "scores" / "zul_Latn.json")]
    assert [{**score, "file": None} for score in content["scores"]] == [
        {**score, "file": None} for score in expected["scores"]
    ]
    assert {**content, "scores": None} == {**expected, "scores": None}


def test_publishes_a_base_model_with_scores_and_without_training(publish: PublishSpec) -> None:
    content = collect_results(replace(publish, run_directory=None, devices=None))
    assert content["scores"]
    assert (content["loss"], content["recipe"]) == ([], None)
    assert set(content["training"].values()) == {None}


def test_publishes_the_step_of_the_checkpoint_and_the_tokens_until_then(publish: PublishSpec, tmp_path: Path) -> None:
    (tmp_path / "checkpoint-60").mkdir()
    (tmp_path / "checkpoint-last").symlink_to("checkpoint-60")
    last = replace(publish, checkpoint=str(tmp_path / "checkpoint-last"), tokens_per_step=1000)
    content = collect_results(last)
    assert (content["step"], content["tokens"]) == (60, 60_000)
    content = collect_results(replace(last, tokens_per_step=None))
    assert (content["step"], content["tokens"]) == (None, None)


def test_publishes_scores_without_a_recipe_when_the_run_left_no_record(publish: PublishSpec) -> None:
    assert publish.run_directory
    (publish.run_directory / "run.yaml").unlink()
    content = collect_results(publish)
    assert content["scores"]
    assert content["recipe"] is None
    assert content["image"] == "mixcpt.local/llama-factory:1"


def test_accepts_a_spec_without_training() -> None:
    value = {
        "run": "tiny-base-00000000",
        "cell": "Tiny-base",
        "scores": ["/store/scores/tiny-base-00000000/sib200-11111111"],
        "expected": [],
        "checkpoint": "/store/models/tiny-22222222",
        "configMap": {"namespace": "mixcpt", "name": "scores-tiny-base-00000000"},
    }
    publish = read_publish_spec(Spec(value))
    assert (publish.run_directory, publish.devices) == (None, None)


def test_publishes_the_number_of_unanswered_items_with_each_score(publish: PublishSpec) -> None:
    path = publish.scores[0] / "zul_Latn.json"
    value = json.loads(path.read_text())
    path.write_text(json.dumps({**value, "unanswered": {"count": 2, "reasons": {"too long": 2}}}))
    assert [score["unanswered"] for score in collect_results(publish)["scores"]] == [2]


def test_publishes_how_vllm_served_each_benchmark_once_for_all_units_with_the_same_settings(
    publish: PublishSpec,
) -> None:
    assert "serving" not in collect_results(publish)
    serving = {"maxNumSeqs": 256, "gpuMemoryUtilization": None, "enforceEager": False}
    path = publish.scores[0] / "zul_Latn.json"
    value = {**json.loads(path.read_text()), "serving": serving}
    for language in ("xho_Latn", "zul_Latn"):
        (publish.scores[0] / f"{language}.json").write_text(json.dumps({**value, "language": language}))
    assert collect_results(publish)["serving"] == [{"benchmark": "sib200", **serving}]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[]", "zul_Latn.json: holds list, not a JSON object; delete the file and run the evaluation again"),
        ("{}", "zul_Latn.json: lacks 'benchmark'"),
        ("{", "zul_Latn.json: not JSON"),
        ('{"benchmark":"b","language":"l","direction":null,"items":1,"scores":[{"value":NaN}]}', "value is nan"),
        ('{"benchmark":"b","language":"l","direction":null,"items":1,"scores":5}', "zul_Latn.json: lacks"),
    ],
)
def test_names_a_damaged_score_file(publish: PublishSpec, content: str, message: str) -> None:
    (publish.scores[0] / "zul_Latn.json").write_text(content)
    with pytest.raises(InputError, match=message):
        collect_results(publish)


@pytest.mark.parametrize("content", ["a: [", "5", "", "recipe: [1]", "a: \x00", "attempts: 1"])
def test_names_a_damaged_record_of_the_training(publish: PublishSpec, content: str) -> None:
    assert publish.run_directory
    (publish.run_directory / "run.yaml").write_text(content)
    with pytest.raises(
        InputError, match=r"run\.yaml: (not YAML|must be a mapping whose recipe is a mapping|attempts must be)"
    ):
        collect_results(publish)


def test_leaves_out_losses_that_are_not_numbers_so_that_the_result_stays_json(tmp_path: Path) -> None:
    path = tmp_path / "trainer_log.jsonl"
    path.write_text(
        '{"current_steps": 1, "loss": NaN}\n{"current_steps": 2, "loss": 1e999}\n{"current_steps": 3, "loss": "x"}\n'
        '{"current_steps": "4", "loss": 1.0}\n{"current_steps": 1e999}\n{"current_steps": 5, "loss": 2.5}\n[1]\n'
    )
    log = read_training_log(tmp_path)
    assert (log.loss, log.steps) == ([(5, 2.5)], 5)


def test_counts_each_step_of_a_resumed_run_once_and_the_time_of_all_attempts(tmp_path: Path) -> None:
    lines = [(2, 5.0, "0:00:04"), (4, 4.0, "0:00:08"), (4, 4.5, "0:00:03"), (6, 3.0, "0:00:06")]
    path = tmp_path / "trainer_log.jsonl"
    entries = [{"current_steps": s, "total_steps": 6, "loss": loss, "elapsed_time": t} for s, loss, t in lines]
    path.write_text("".join(json.dumps(entry) + "\n" for entry in entries) + '{"current_st')
    log = read_training_log(tmp_path)
    assert log.loss == [(2, 5.0), (4, 4.5), (6, 3.0)]
    assert (log.steps, log.seconds) == (6, 14)


def test_publishes_the_held_out_loss_beside_that_of_training(publish: PublishSpec) -> None:
    assert publish.run_directory
    assert "heldOutLoss" not in collect_results(publish)
    lines = [(2, {"loss": 5.0}), (2, {"eval_loss": 5.5}), (4, {"eval_loss": math.nan}), (4, {"eval_loss": 4.66666})]
    (publish.run_directory / "trainer_log.jsonl").write_text(_format_log(lines))
    content = collect_results(publish)
    assert (content["loss"], content["heldOutLoss"]) == ([(2, 5.0)], [(2, 5.5), (4, 4.6667)])


def test_adds_the_evaluation_after_the_last_step_if_it_is_that_of_the_last_attempt(tmp_path: Path) -> None:
    lines = [(4, {"eval_loss": 4.5, "epoch": 1.0}), (6, {"epoch": 1.5})]
    (tmp_path / "trainer_log.jsonl").write_text(_format_log(lines))
    results = tmp_path / "eval_results.json"
    results.write_text(json.dumps({"eval_loss": 4.25, "eval_perplexity": math.inf, "epoch": 1.5}))
    assert read_training_log(tmp_path).held_out == [(4, 4.5), (6, 4.25)]
    for other in ('{"eval_loss": 4.25, "epoch": 1.0}', '{"eval_loss": NaN, "epoch": 1.5}', '{"eval_', "[1]", "{}"):
        results.write_text(other)
        assert read_training_log(tmp_path).held_out == [(4, 4.5)]


def _format_log(lines: list[tuple[int, dict[str, float]]]) -> str:
    return "".join(json.dumps({"current_steps": step, **values}) + "\n" for step, values in lines)


def test_reduces_a_long_loss_curve_and_keeps_its_ends(tmp_path: Path) -> None:
    path = tmp_path / "trainer_log.jsonl"
    path.write_text("".join(f'{{"current_steps": {step}, "loss": 1.0}}\n' for step in range(1, 5001)))
    loss = read_training_log(tmp_path).loss
    assert len(loss) == MAX_LOSS_POINTS
    assert (loss[0][0], loss[-1][0]) == (1, 5000)
