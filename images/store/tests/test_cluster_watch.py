import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from mixcpt_evaluate.publish.api_server import ApiServer
from mixcpt_monitor.cluster_watch import ClusterWatch


def build_item(name: str, version: int) -> dict[str, Any]:
    return {"metadata": {"name": name, "resourceVersion": str(version)}}


class Api(BaseHTTPRequestHandler):
    """Two pages of a list, and then the events of one connection after another."""

    requests: list[dict[str, list[str]]]
    connections: list[list[dict[str, Any]]]

    def do_GET(self) -> None:
        query = parse_qs(urlsplit(self.path).query)
        self.requests.append(query)
        self.send_response(200)
        self.end_headers()
        if "watch" in query:
            for event in self.connections.pop(0):
                self.wfile.write(json.dumps(event).encode() + b"\n")
        else:
            second = "continue" in query
            metadata = {"resourceVersion": "5", "continue": "" if second else "next"}
            page = {"metadata": metadata, "items": [build_item("b" if second else "a", 1)]}
            self.wfile.write(json.dumps(page).encode())

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def watch() -> Any:
    Api.requests, Api.connections = [], []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Api)
    Thread(target=server.serve_forever, daemon=True).start()
    api = ApiServer(f"http://127.0.0.1:{server.server_port}", "token", None)
    yield ClusterWatch(api, "/pods", selector="app=x", keep=lambda item: item)
    server.shutdown()


def _list_names(watch: ClusterWatch) -> list[str]:
    return sorted(item["metadata"]["name"] for item in watch.get_objects())


def test_lists_in_pages_and_applies_events(watch: ClusterWatch) -> None:
    events = [("ADDED", "c", 6), ("DELETED", "a", 7), ("BOOKMARK", "", 9)]
    Api.connections = [[{"type": kind, "object": build_item(name, version)} for kind, name, version in events], []]
    watch.follow_once()
    assert _list_names(watch) == ["b", "c"]
    watch.follow_once()
    assert [query.get("resourceVersion") for query in Api.requests if "watch" in query] == [["5"], ["9"]]
    assert all(query["labelSelector"] == ["app=x"] for query in Api.requests)


def test_lists_again_after_an_expired_version(watch: ClusterWatch) -> None:
    Api.connections = [[{"type": "ERROR", "object": {"code": 410}}], []]
    watch.follow_once()
    watch.follow_once()
    assert len([query for query in Api.requests if "limit" in query]) == 4
    assert _list_names(watch) == ["a", "b"]


class StoppedError(Exception):
    pass


def test_an_error_is_printed_and_tried_again(watch: ClusterWatch) -> None:
    lines: list[str] = []

    def stop(_seconds: float) -> None:
        raise StoppedError

    broken = ClusterWatch(
        ApiServer("http://127.0.0.1:9", "t", None), "/pods", keep=dict, report=lines.append, sleep=stop
    )
    with pytest.raises(StoppedError):
        broken.follow()
    assert "refused" in lines[0]
