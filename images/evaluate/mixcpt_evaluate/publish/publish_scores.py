"""The verb `publish`: writes scores and loss curve into a ConfigMap, so that a report needs only the API server."""

import json
from collections.abc import Callable
from typing import Any

from mixcpt_evaluate.publish.api_server import ApiServer, find_cluster_api_server
from mixcpt_evaluate.publish.collect_results import collect_results
from mixcpt_evaluate.publish.publish_spec import PublishSpec, read_publish_spec
from mixcpt_store.errors import InputError
from mixcpt_store.spec import Spec

_MAX_NAMES = 4


def run_publish(spec: Spec) -> None:
    publish_scores(find_cluster_api_server, read_publish_spec(spec))


def publish_scores(find_server: Callable[[], ApiServer], publish: PublishSpec) -> None:
    """Applies the ConfigMap; `find_server` is called only after the results were collected.

    Raises InputError afterwards when units have no score, so that the evaluation does not count as done.
    """
    content = collect_results(publish)
    find_server().apply_config_map(build_config_map(publish, content))
    print(f"{publish.config_map.name}: published {len(content['scores'])} scores of {publish.cell}", flush=True)
    _require_all_units(content.get("failures", []))


def _require_all_units(failures: list[dict[str, Any]]) -> None:
    if not failures:
        return
    names = [" ".join(filter(None, (unit["benchmark"], unit["language"], unit["direction"]))) for unit in failures]
    more = f" and {len(names) - _MAX_NAMES} more" if len(names) > _MAX_NAMES else ""
    raise InputError(
        f"no score for {', '.join(names[:_MAX_NAMES])}{more}; all others are published; "
        f"the first reason: {failures[0]['reason']}"
    )


def build_config_map(publish: PublishSpec, content: dict[str, Any]) -> dict[str, Any]:
    metadata = publish.config_map
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {
            "namespace": metadata.namespace,
            "name": metadata.name,
            "labels": {**metadata.labels, "mixcpt.io/kind": "scores"},
            "annotations": metadata.annotations,
        },
        "data": {"scores.json": json.dumps(content, ensure_ascii=False)},
    }
