"""The BLEU tokenizer of the image: downloaded or handed in, with a known digest, or missing with a clear record."""

import hashlib
import importlib.machinery
import importlib.util
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
from http_fixture import serve_in_thread

_SCRIPT = Path(__file__).parents[1] / "fetch-flores200-tokenizer"
MODEL = b"a model"


class _RefusingHandler(BaseHTTPRequestHandler):
    """Answers 403 to Python's own user agent, as sacreBLEU's address does."""

    def do_GET(self) -> None:
        refused = self.headers["User-Agent"].startswith("Python-urllib") or self.path == "/missing"
        self.send_response(403 if refused else 200)
        self.end_headers()
        self.wfile.write(b"<html>log in</html>" if self.path == "/html" else MODEL)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def address() -> Iterator[str]:
    with serve_in_thread(HTTPServer(("127.0.0.1", 0), _RefusingHandler)) as address:
        yield address


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """The script, with a SentencePiece that accepts MODEL only."""

    def load_proto(content: bytes) -> None:
        if content != MODEL:
            raise RuntimeError("could not parse ModelProto")

    processor = SimpleNamespace(LoadFromSerializedProto=load_proto)
    fake = SimpleNamespace(SentencePieceProcessor=lambda: processor)
    monkeypatch.setitem(sys.modules, "sentencepiece", fake)
    loader = importlib.machinery.SourceFileLoader("fetch_flores200_tokenizer", str(_SCRIPT))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    assert spec
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    monkeypatch.setattr(sys, "argv", [str(_SCRIPT), str(tmp_path / "models")])
    monkeypatch.setenv("MIXCPT_FLORES200_TOKENIZER_SHA256", hashlib.sha256(MODEL).hexdigest())
    monkeypatch.delenv("MIXCPT_FLORES200_TOKENIZER", raising=False)
    return module


def _list_models(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "models").iterdir())


def test_downloads_from_an_address_that_refuses_pythons_user_agent(
    script: ModuleType, address: str, tmp_path: Path
) -> None:
    script.ADDRESSES = (f"{address}/model",)
    assert script.main() == 0
    assert _list_models(tmp_path) == ["flores200sacrebleuspm"]


def test_tries_the_second_address_after_the_first(script: ModuleType, address: str, tmp_path: Path) -> None:
    script.ADDRESSES = (f"{address}/missing", f"{address}/html", f"{address}/model")
    assert script.main() == 0
    assert (tmp_path / "models" / "flores200sacrebleuspm").read_bytes() == MODEL


def test_records_in_the_image_what_it_cannot_do_without_the_model(
    script: ModuleType, address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script.ADDRESSES = (f"{address}/missing", f"{address}/html", "http://127.0.0.1:9/refused")
    assert script.main() == 0
    assert _list_models(tmp_path) == ["flores200.missing"]
    record = (tmp_path / "models" / "flores200.missing").read_text()
    assert record in capsys.readouterr().out
    assert record.startswith("WARNING: this image has no tokenizer flores200. It refuses evaluations")
    for part in ("HTTP Error 403", "19 bytes with SHA-256", "expected", "Connection refused"):
        assert part in record


def test_installs_a_file_that_was_handed_in_without_any_download(
    script: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script.ADDRESSES = ()
    (tmp_path / "model").write_bytes(MODEL)
    monkeypatch.setenv("MIXCPT_FLORES200_TOKENIZER", str(tmp_path / "model"))
    assert script.main() == 0
    assert _list_models(tmp_path) == ["flores200sacrebleuspm"]


@pytest.mark.parametrize(
    ("content", "digest", "message"),
    [
        (None, None, "cannot be read (No such file or directory)"),
        (b"another", None, "7 bytes with SHA-256"),
        (MODEL, "", "expected 14bb8dfb35c0ffdea7bc01e56cea38b9e3d5efcdcb9c251d6b40538e1aab555a"),
        (b"another", hashlib.sha256(b"another").hexdigest(), "not a SentencePiece model"),
    ],
)
def test_ends_the_build_when_the_file_that_was_handed_in_is_wrong(
    script: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    content: bytes | None,
    digest: str | None,
    message: str,
) -> None:
    if content is not None:
        (tmp_path / "model").write_bytes(content)
    if digest is not None:
        monkeypatch.setenv("MIXCPT_FLORES200_TOKENIZER_SHA256", digest)
    monkeypatch.setenv("MIXCPT_FLORES200_TOKENIZER", str(tmp_path / "model"))
    assert script.main() == 2
    error = capsys.readouterr().err
    assert error.startswith("MIXCPT_FLORES200_TOKENIZER: ")
    assert message in error
    assert _list_models(tmp_path) == []
