"""A local HTTP server that imitates the parts of the hub's API needed for one commit to a model repository."""

import base64
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from http_fixture import serve_in_thread

TOKEN = "hf_secretSecretSecret"


@dataclass
class PushHub:
    """Repositories with their files after each commit. `refusals` maps the end of a path to the status it returns.

    `uploads` are the digests of large files that were sent; one that the hub has is not asked for again.
    """

    repositories: dict[str, bool] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    commits: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    large: dict[str, bytes] = field(default_factory=dict)
    uploads: list[str] = field(default_factory=list)
    refusals: dict[str, int] = field(default_factory=dict)
    tokens: set[str | None] = field(default_factory=set)
    endpoint: str = ""


@contextmanager
def serve_push_hub() -> Iterator[PushHub]:
    hub = PushHub()
    handler = type("Handler", (_PushRequestHandler,), {"hub": hub})
    with serve_in_thread(ThreadingHTTPServer(("127.0.0.1", 0), handler)) as hub.endpoint:
        yield hub


class _PushRequestHandler(BaseHTTPRequestHandler):
    hub: PushHub
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body, path = self._read_body(), urlsplit(self.path).path
        self.hub.tokens.add(self.headers.get("Authorization"))
        for end, status in self.hub.refusals.items():
            if path.endswith(end):
                return self._send_json({"error": "refused by the test"}, status)
        if path == "/api/repos/create":
            return self._create_repository(json.loads(body))
        if path == "/api/validate-yaml":
            return self._send_json({"errors": [], "warnings": []})
        if "/preupload/" in path:
            return self._send_upload_modes(json.loads(body))
        if path.endswith("/info/lfs/objects/batch"):
            return self._send_upload_addresses(json.loads(body))
        return self._make_commit([json.loads(line) for line in body.splitlines()])

    def do_PUT(self) -> None:
        content = self._read_body()
        digest = urlsplit(self.path).path.rpartition("/")[2]
        if status := self.hub.refusals.get("/upload"):
            return self._send_json({"error": "refused by the test"}, status)
        if hashlib.sha256(content).hexdigest() != digest:
            return self._send_json({"error": "other content than its digest"}, 422)
        self.hub.uploads.append(digest)
        self.hub.large[digest] = content
        return self._send_json({})

    def _create_repository(self, request: dict[str, object]) -> None:
        name = "/".join(str(request[key]) for key in ("organization", "name") if request.get(key))
        status = 409 if name in self.hub.repositories else 200
        self.hub.kinds.append(str(request.get("type", "model")))
        self.hub.repositories.setdefault(name, request.get("visibility") == "private" or request.get("private") is True)
        self._send_json({"url": f"{self.hub.endpoint}/{name}", "name": name}, status)

    def _send_upload_modes(self, request: dict[str, list[dict[str, str]]]) -> None:
        modes = [
            {
                "path": file["path"],
                "uploadMode": "lfs" if file["path"].endswith(".safetensors") else "regular",
                "shouldIgnore": False,
                "oid": self._find_oid(file["path"]),
            }
            for file in request["files"]
        ]
        self._send_json({"files": modes})

    def _find_oid(self, path: str) -> str | None:
        """Returns the digest of a file as the hub does: SHA-256 of a large one, git's of another."""
        content = self.hub.files.get(path)
        if content is None:
            return None
        if path.endswith(".safetensors"):
            return hashlib.sha256(content).hexdigest()
        return hashlib.sha1(f"blob {len(content)}\0".encode() + content).hexdigest()

    def _send_upload_addresses(self, request: dict[str, list[dict[str, object]]]) -> None:
        objects = [
            entry
            if entry["oid"] in self.hub.large
            else {**entry, "actions": {"upload": {"href": f"{self.hub.endpoint}/upload/{entry['oid']}"}}}
            for entry in request["objects"]
        ]
        self._send_json({"transfer": "basic", "objects": objects})

    def _make_commit(self, lines: list[dict[str, dict[str, str]]]) -> None:
        for line in lines:
            value = line["value"]
            if line["key"] == "header":
                self.hub.commits.append(value["summary"])
            elif line["key"] == "file":
                self.hub.files[value["path"]] = base64.b64decode(value["content"])
            elif line["key"] == "lfsFile":
                self.hub.files[value["path"]] = self.hub.large[value["oid"]]
            elif line["key"] == "deletedFile":
                del self.hub.files[value["path"]]
        oid = hashlib.sha1(repr(self.hub.commits).encode()).hexdigest()
        repository = "/".join(urlsplit(self.path).path.split("/")[3:5])
        self._send_json(
            {"success": True, "commitOid": oid, "commitUrl": f"{self.hub.endpoint}/{repository}/commit/{oid}"}
        )

    def do_GET(self) -> None:
        self.hub.tokens.add(self.headers.get("Authorization"))
        path = urlsplit(self.path).path
        repository = "/".join(path.split("/")[3:5])
        status = 200 if repository in self.hub.repositories else 404
        if "/tree/" in path:
            files = self.hub.files.items()
            tree = [{"type": "file", "path": name, "size": len(content), "oid": "0" * 40} for name, content in files]
            return self._send_json(tree, status)
        return self._send_json({"id": repository, "sha": "0" * 40, "siblings": []}, status)

    def _read_body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def _send_json(self, value: object, status: int = 200) -> None:
        content = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *arguments: object) -> None:
        """Keeps requests out of the test output."""
