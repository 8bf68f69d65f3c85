"""A folder in which mixtures are made, in this process or by the command as a pod runs it."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from mixcpt_data.mixture.make_mixture import mixture
from mixcpt_data.mixture.mixture_spec import MixtureSpec
from mixcpt_data.mixture.selection import Ingredient, Selection, Settings
from mixcpt_data.sources.source import Source
from mixcpt_store.complete import mark_complete
from mixcpt_store.spec import Spec

_IMAGES = Path(__file__).parents[2]
_COMMAND = [sys.executable, "-c", "from mixcpt_data.main import main; main()"]


@dataclass(frozen=True)
class Bench:
    folder: Path

    @property
    def output(self) -> Path:
        return self.folder / "corpus"

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.folder / "inputs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def write_jsonl(self, name: str, texts: Sequence[str]) -> Path:
        return self.write(name, jsonl(texts))

    def files(self, *patterns: str, **keys: Any) -> dict[str, Any]:
        """An entry of `sources`; JSONL in English where `keys` do not say otherwise."""
        entry = {"kind": "files", "directory": str(self.folder / "inputs"), "files": list(patterns)}
        return {**entry, "format": "jsonl", "languages": ["eng_Latn"], **keys}

    def spec(self, *sources: dict[str, Any], **keys: Any) -> dict[str, Any]:
        return {"output": str(self.output), "seed": 1, "workers": 2, "sources": list(sources), **keys}

    def mix(self, *sources: dict[str, Any], **keys: Any) -> list[str]:
        """The texts of the mixture in their order."""
        mixture(Spec(self.spec(*sources, **keys)))
        return self.texts()

    def texts(self) -> list[str]:
        return [row["text"] for row in self.rows()]

    def rows(self) -> list[dict[str, str]]:
        return [json.loads(line) for line in (self.output / "train.jsonl").read_text().splitlines()]

    def stats(self) -> dict[str, Any]:
        return json.loads((self.output / "STATS.json").read_text())

    def run(self, verb: str, spec: dict[str, Any], **environment: str) -> "subprocess.CompletedProcess[str]":
        """The command in a process of its own."""
        process = self.start(verb, spec, **environment)
        out, err = process.communicate(timeout=120)
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def start(self, verb: str, spec: dict[str, Any], **environment: str) -> "subprocess.Popen[str]":
        paths = os.pathsep.join(str(_IMAGES / name) for name in ("base", "data"))
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HF_")}
        return subprocess.Popen(
            [*_COMMAND, verb],
            env={**kept, "PYTHONPATH": paths, "MIXCPT_SPEC": yaml.safe_dump(spec), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


def jsonl(texts: Sequence[str]) -> str:
    return "".join(json.dumps({"text": text}, ensure_ascii=False) + "\n" for text in texts)


def of_sources(output: Path, sources: Sequence[Source], *, seed: int = 1, repeat: int = 1) -> MixtureSpec:
    ingredients = tuple(Ingredient(source, Selection(type(source).__name__)) for source in sources)
    return MixtureSpec(output, Settings(seed, repeat), ingredients, workers=2)


def word_tokenizer(folder: Path) -> Path:
    """A model's directory whose tokenizer makes one token of every word."""
    from tokenizers import Tokenizer, models, pre_tokenizers

    tokenizer = Tokenizer(models.WordLevel({"[UNK]": 0}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    directory = folder / "tokenizer"
    directory.mkdir()
    tokenizer.save(str(directory / "tokenizer.json"))
    mark_complete(directory)
    return directory
