"""Follows the objects of one kind: a list in pages, then a watch from there, again whenever the connection ends."""

import http.client
import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from threading import Event, Lock
from typing import Any

from mixcpt_evaluate.publish.api_server import ApiServer

KubernetesObject = dict[str, Any]

_PAGE_SIZE = 500
# The server ends a watch after this time; a connection that is silent for longer is dead.
_WATCH_SECONDS = 240
_SILENCE_SECONDS = 300
_REOPEN_SECONDS = 10.0
_EXPIRED = 410


class ClusterWatch:
    """The objects of a path as they are now. `keep` selects the fields that are stored."""

    def __init__(
        self,
        server: ApiServer,
        path: str,
        *,
        selector: str = "",
        keep: Callable[[KubernetesObject], KubernetesObject],
        report: Callable[[str], None] = print,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._server = server
        self._path = path
        self._selector = selector
        self._keep = keep
        self._report = report
        self._sleep = sleep
        self._objects: dict[str, KubernetesObject] = {}
        self._version: str | None = None
        self._lock = Lock()
        self.listed = Event()

    def get_objects(self) -> list[KubernetesObject]:
        with self._lock:
            return list(self._objects.values())

    def follow(self) -> None:
        """Follows for ever. An error is printed, and the connection is opened again after some seconds."""
        while True:
            try:
                self.follow_once()
            except (OSError, ValueError, http.client.HTTPException) as error:
                if isinstance(error, urllib.error.HTTPError) and error.code == _EXPIRED:
                    self._version = None
                    continue
                self._report(f"{self._path}: {error}; trying again")
                self._sleep(_REOPEN_SECONDS)

    def follow_once(self) -> None:
        """Lists the objects unless the state is known, and applies the events of one connection."""
        if self._version is None:
            self._list()
        query = {"watch": "true", "allowWatchBookmarks": "true", "timeoutSeconds": str(_WATCH_SECONDS)}
        with self._open({**query, "resourceVersion": self._version or ""}) as response:
            for line in response:
                self._apply(json.loads(line))
                if self._version is None:
                    return

    def _list(self) -> None:
        objects = {}
        for page in self._read_pages():
            objects.update({item["metadata"]["name"]: self._keep(item) for item in page.get("items") or []})
            version = page["metadata"]["resourceVersion"]
        with self._lock:
            self._objects, self._version = objects, version
        self.listed.set()

    def _read_pages(self) -> Iterator[KubernetesObject]:
        following: str | None = ""
        while following is not None:
            query = {"limit": str(_PAGE_SIZE), **({"continue": following} if following else {})}
            with self._open(query) as response:
                page = json.load(response)
            yield page
            following = page["metadata"].get("continue") or None

    def _open(self, query: dict[str, str]) -> http.client.HTTPResponse:
        selected = {**query, **({"labelSelector": self._selector} if self._selector else {})}
        request = urllib.request.Request(
            f"{self._server.address}{self._path}?{urllib.parse.urlencode(selected)}",
            headers={"Authorization": f"Bearer {self._read_token()}", "Accept": "application/json"},
        )
        response: http.client.HTTPResponse = urllib.request.urlopen(
            request, timeout=_SILENCE_SECONDS, context=self._server.context
        )
        return response

    def _read_token(self) -> str:
        file = self._server.token_file
        return file.read_text(encoding="ascii").strip() if file else self._server.token

    def _apply(self, event: dict[str, Any]) -> None:
        """After an error, such as an expired version, the state is unknown: it has to be listed."""
        kind, item = event["type"], event["object"]
        with self._lock:
            if kind == "ERROR":
                self._version = None
                return
            self._version = item["metadata"]["resourceVersion"]
            if kind == "DELETED":
                self._objects.pop(item["metadata"]["name"], None)
            elif kind != "BOOKMARK":
                self._objects[item["metadata"]["name"]] = self._keep(item)
