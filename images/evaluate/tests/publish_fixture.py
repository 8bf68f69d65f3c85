"""A fake API server, a client of it that does not wait, and the recipe of the published run."""

import json
from http.server import BaseHTTPRequestHandler, HTTPServer

from mixcpt_evaluate.publish.api_server import ApiServer

RECIPE = {"learning_rate": 0.00004, "deepspeed": {"zero_optimization": {"stage": 3}}}


class FakeApiServer(HTTPServer):
    """`statuses` are those of the first responses; `status` is that of all later ones."""

    status = 200
    statuses: tuple[int, ...] = ()
    content = b'{"message": "forbidden: configmaps"}'
    retry_after = ""
    requests: list[tuple[str, str, dict[str, object]]]


class FakeApiHandler(BaseHTTPRequestHandler):
    server: FakeApiServer

    def do_PATCH(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.requests.append((self.path, self.headers["Authorization"], body))
        statuses = self.server.statuses
        number = len(self.server.requests) - 1
        self.send_response(statuses[number] if number < len(statuses) else self.server.status)
        if self.server.retry_after:
            self.send_header("Retry-After", self.server.retry_after)
        self.end_headers()
        self.wfile.write(self.server.content)

    def log_message(self, *_: object) -> None:
        pass


def build_client(server: FakeApiServer) -> ApiServer:
    return ApiServer(f"http://127.0.0.1:{server.server_port}", "secret", None, sleep=lambda _: None)
