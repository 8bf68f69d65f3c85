"""A local HTTP server that imitates the parts of the hub's API needed for reading, and fails on request."""

import gzip
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha1
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

from http_fixture import serve_in_thread

COMMIT = "0123456789abcdef0123456789abcdef01234567"
REPOSITORY = "study/corpus"
LISTING = "LISTING"


@dataclass
class FakeHub:
    """One repository with `files`.

    `breaks` maps a file to the number of bytes after which its next response ends, `pauses` to the seconds by
    which it is late. `failures` maps a file, or LISTING, to the statuses and headers of its next responses, `pages` to
    an HTML page that is sent in its place. With `compresses`, plain files are sent with gzip to clients that accept
    it, and whole. A listing has at most `page_size` files. `ranges`, `listings` and `tokens` record the requests.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    gated: bool = False
    breaks: dict[str, int] = field(default_factory=dict)
    pauses: dict[str, float] = field(default_factory=dict)
    failures: dict[str, list[tuple[int, dict[str, str]]]] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)
    compresses: bool = False
    page_size: int = 1000
    ranges: list[tuple[str, str | None]] = field(default_factory=list)
    listings: list[tuple[str, bool]] = field(default_factory=list)
    tokens: set[str | None] = field(default_factory=set)
    endpoint: str = ""


@contextmanager
def serve_hub() -> Iterator[FakeHub]:
    hub = FakeHub()
    handler = type("Handler", (_HubRequestHandler,), {"hub": hub})
    with serve_in_thread(ThreadingHTTPServer(("127.0.0.1", 0), handler)) as hub.endpoint:
        yield hub


class _HubRequestHandler(BaseHTTPRequestHandler):
    hub: FakeHub
    protocol_version = "HTTP/1.1"

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        self.hub.tokens.add(self.headers.get("Authorization"))
        if REPOSITORY not in path:
            return self._send_refusal(404, "RepoNotFound")
        if COMMIT not in path:
            return self._send_refusal(404, "RevisionNotFound")
        if path.startswith("/api/") and "/tree/" in path:
            return self._send_listing(path.partition(f"/tree/{COMMIT}")[2].lstrip("/"))
        if path.startswith("/api/"):
            siblings = [{"rfilename": name} for name in sorted(self.hub.files)]
            return self._send_json({"id": REPOSITORY, "sha": COMMIT, "siblings": siblings})
        return self._send_file(path.partition(f"/resolve/{COMMIT}/")[2])

    def _send_listing(self, folder: str) -> None:
        query = parse_qs(urlsplit(self.path).query)
        recursive, start = query.get("recursive") == ["true"], int(query.get("cursor", ["0"])[0])
        self.hub.listings.append((folder, recursive))
        if self._send_failure(LISTING):
            return None
        prefix = f"{folder}/" if folder else ""
        names = [name for name in sorted(self.hub.files) if name.startswith(prefix)]
        if not names and folder:
            return self._send_refusal(404, "EntryNotFound")
        if not recursive:
            names = [name for name in names if "/" not in name.removeprefix(prefix)]
        end = start + self.hub.page_size
        headers = {}
        if end < len(names):
            path = f"{urlsplit(self.path).path}?recursive={str(recursive).lower()}&cursor={end}"
            headers["Link"] = f'<{self.hub.endpoint}{path}>; rel="next"'
        return self._send_json([self._build_tree_entry(name) for name in names[start:end]], headers)

    def _send_failure(self, name: str) -> bool:
        """Sends the next failure or the HTML page of a file, if it has any."""
        status, headers, page = 200, {"Content-Type": "text/html"}, self.hub.pages.get(name, "")
        if self.hub.failures.get(name):
            status, headers = self.hub.failures[name].pop(0)
        elif not page:
            return False
        self.send_response(status)
        for key, value in headers.items():
            self.send_header(key, value)
        self._send_body(page.encode(), None)
        return True

    def _build_tree_entry(self, name: str) -> dict[str, object]:
        content = self.hub.files[name]
        return {"type": "file", "path": name, "size": len(content), "oid": sha1(content).hexdigest()}

    def _send_file(self, name: str) -> None:
        if self.hub.gated and not self.headers.get("Authorization"):
            return self._send_refusal(403, "GatedRepo")
        if name not in self.hub.files:
            return self._send_refusal(404, "EntryNotFound")
        content, requested = self.hub.files[name], self.headers.get("Range")
        start, end = _parse_range(requested, len(content))
        if self.command == "GET":
            self.hub.ranges.append((name, requested))
            time.sleep(self.hub.pauses.pop(name, 0))
            if self._send_failure(name):
                return None
            if self.hub.compresses and "gzip" in (self.headers.get("Accept-Encoding") or ""):
                return self._send_compressed(content)
        self.send_response(206 if requested else 200)
        self.send_header("ETag", f'"{sha1(content).hexdigest()}"')
        self.send_header("X-Repo-Commit", COMMIT)
        self.send_header("Accept-Ranges", "bytes")
        if requested:
            self.send_header("Content-Range", f"bytes {start}-{end - 1}/{len(content)}")
        self._send_body(content[start:end], self.hub.breaks.pop(name, None) if self.command == "GET" else None)
        return None

    def _send_compressed(self, content: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Encoding", "gzip")
        self._send_body(gzip.compress(content), None)

    def _send_json(self, value: object, headers: dict[str, str] | None = None) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        for key, text in (headers or {}).items():
            self.send_header(key, text)
        self._send_body(json.dumps(value).encode(), None)

    def _send_refusal(self, status: int, code: str) -> None:
        self.send_response(status)
        self.send_header("X-Error-Code", code)
        self.send_header("X-Error-Message", code)
        self._send_body(b"", None)

    def _send_body(self, content: bytes, cut: int | None) -> None:
        """Sends the content, or only its first `cut` bytes before it closes the connection."""
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(content[:cut])
        if cut is not None:
            self.close_connection = True

    def log_message(self, format: str, *arguments: object) -> None:
        """Keeps requests out of the test output."""


def _parse_range(requested: str | None, size: int) -> tuple[int, int]:
    if not requested:
        return 0, size
    first, _, last = requested.removeprefix("bytes=").partition("-")
    return int(first), min(int(last) + 1, size) if last else size
