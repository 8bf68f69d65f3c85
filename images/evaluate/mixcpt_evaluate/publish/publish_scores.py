"""The verb `publish`: scores and loss curve into a ConfigMap, so that a report needs only the API server."""

import json
from collections.abc import Callable
from typing import Any

from mixcpt_evaluate.publish.api_server import ApiServer, from_pod
from mixcpt_evaluate.publish.collect_results import collect
from mixcpt_evaluate.publish.publish_spec import PublishSpec, read_publish_spec
from mixcpt_store.spec import Spec


def publish(spec: Spec) -> None:
    publish_to(from_pod, read_publish_spec(spec))


def publish_to(connect: Callable[[], ApiServer], task: PublishSpec) -> None:
    content = collect(task)
    connect().apply_config_map(config_map(task, content))
    print(f"{task.config_map.name}: {len(content['scores'])} scores of {task.cell}")


def config_map(task: PublishSpec, content: dict[str, Any]) -> dict[str, Any]:
    name = task.config_map
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {
            "namespace": name.namespace,
            "name": name.name,
            "labels": {**name.labels, "mixcpt.io/kind": "scores"},
            "annotations": name.annotations,
        },
        "data": {"scores.json": json.dumps(content, ensure_ascii=False)},
    }
