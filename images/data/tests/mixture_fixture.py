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

from mixcpt_data.mixture.make_mixture import make_mixture
from mixcpt_data.mixture.mixture_spec import Ingredient, MixtureSettings, MixtureSpec, Selection
from mixcpt_data.sources.source import Source
from mixcpt_data.sources.udhr_codes import UDHR_CODES
from mixcpt_store.complete import mark_complete
from mixcpt_store.spec import Spec

# English names of some languages, and the codes of all others in their place.
LANGUAGE_NAMES = {code: code for code in UDHR_CODES} | {
    "deu_Latn": "German",
    "eng_Latn": "English",
    "khm_Khmr": "Khmer",
    "zul_Latn": "Zulu",
}
_IMAGES = Path(__file__).parents[2]
_COMMAND = [sys.executable, "-c", "from mixcpt_data.main import main; main()"]


@dataclass(frozen=True)
class MixtureWorkspace:
    folder: Path

    @property
    def output(self) -> Path:
        return self.folder / "corpus"

    def write_input(self, name: str, content: str | bytes) -> Path:
        path = self.folder / "inputs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def write_jsonl(self, name: str, texts: Sequence[str]) -> Path:
        return self.write_input(name, format_jsonl(texts))

    def write_five_files(self) -> None:
        """Writes five files with 100 rows of 10 words each."""
        for part in range(5):
            self.write_jsonl(f"{part}.jsonl", [f"{part} {row} " + "word " * 7 + "end" for row in range(100)])

    def files_source(self, *patterns: str, **keys: Any) -> dict[str, Any]:
        """Returns an entry of `sources`: JSONL in English unless `keys` say otherwise."""
        entry = {"kind": "files", "directory": str(self.folder / "inputs"), "files": list(patterns)}
        return {**entry, "format": "jsonl", "languages": ["eng_Latn"], **keys}

    def build_spec(self, *sources: dict[str, Any], **keys: Any) -> dict[str, Any]:
        names = {"languageNames": LANGUAGE_NAMES}
        return {"output": str(self.output), "seed": 1, "workers": 2, **names, "sources": list(sources), **keys}

    def mix_sources(self, *sources: dict[str, Any], **keys: Any) -> list[str]:
        """Makes a mixture and returns its texts in their order."""
        make_mixture(Spec(self.build_spec(*sources, **keys)))
        return self.read_texts()

    def read_texts(self) -> list[str]:
        return [row["text"] for row in self.read_rows()]

    def read_rows(self) -> list[dict[str, str]]:
        # Only LF ends a line: a text may hold other line breaks.
        return [json.loads(line) for line in (self.output / "train.jsonl").read_text().split("\n")[:-1]]

    def read_stats(self) -> dict[str, Any]:
        stats: dict[str, Any] = json.loads((self.output / "STATS.json").read_text())
        return stats

    def run_command(self, verb: str, spec: dict[str, Any], **environment: str) -> "subprocess.CompletedProcess[str]":
        """Runs the command in a separate process and waits for it."""
        process = self.start_command(verb, spec, **environment)
        out, err = process.communicate(timeout=600)
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def start_command(self, verb: str, spec: dict[str, Any], **environment: str) -> "subprocess.Popen[str]":
        paths = os.pathsep.join(str(_IMAGES / name) for name in ("base", "data"))
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("HF_")}
        return subprocess.Popen(
            [*_COMMAND, verb],
            env={**inherited, "PYTHONPATH": paths, "MIXCPT_SPEC": yaml.safe_dump(spec), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


def format_jsonl(texts: Sequence[str]) -> str:
    return "".join(json.dumps({"text": text}, ensure_ascii=False) + "\n" for text in texts)


def build_mixture_spec(output: Path, sources: Sequence[Source], *, seed: int = 1, repeat: int = 1) -> MixtureSpec:
    ingredients = tuple(Ingredient(source, Selection(type(source).__name__)) for source in sources)
    return MixtureSpec(output, MixtureSettings(seed, repeat, language_names=LANGUAGE_NAMES), ingredients, workers=2)


def write_word_tokenizer(folder: Path) -> Path:
    """Writes a model's directory whose tokenizer makes one token of every word."""
    from tokenizers import Tokenizer, models, pre_tokenizers

    tokenizer = Tokenizer(models.WordLevel({"[UNK]": 0}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    directory = folder / "tokenizer"
    directory.mkdir()
    tokenizer.save(str(directory / "tokenizer.json"))
    mark_complete(directory)
    return directory
