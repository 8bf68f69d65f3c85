"""Runs a local HTTP server in a thread, for the tests of all images."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import HTTPServer
from threading import Thread


@contextmanager
def serve_in_thread(server: HTTPServer) -> Iterator[str]:
    """Yields the address of the server, which answers until the block ends."""
    thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
