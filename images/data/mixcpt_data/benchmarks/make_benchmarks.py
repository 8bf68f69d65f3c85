"""The verb `benchmarks`: task files in the benchmarks' own layouts, made of articles that no mixture contains."""

from pathlib import Path

from mixcpt_data.benchmarks.layouts import split_flores200, split_sib200, write_flores200, write_sib200
from mixcpt_data.benchmarks.passages import list_passages, read_passage_texts
from mixcpt_data.sources.udhr import UDHR_DIRECTORY
from mixcpt_data.sources.udhr_sources import check_udhr_languages, check_unique_languages, read_held_out_articles
from mixcpt_store.complete import is_complete, write_directory
from mixcpt_store.spec import Spec

_MIN_ARTICLES = 6


def make_benchmarks(spec: Spec) -> None:
    output = spec.get_path("output")
    seed = spec.get_integer("seed")
    languages = spec.get_texts("languages")
    check_udhr_languages(spec, "languages", languages)
    check_unique_languages(spec, "languages", languages)
    articles = read_held_out_articles(spec)
    if not spec.problems and len(articles) < _MIN_ARTICLES:
        spec.add_problem("heldOutArticles", f"has {len(articles)} articles; at least {_MIN_ARTICLES} are needed")
    spec.finish()
    if not is_complete(output):
        write_benchmarks(output, languages, articles, seed=seed)


def write_benchmarks(
    output: Path,
    languages: list[str],
    articles: frozenset[int],
    *,
    seed: int,
    directory: Path = UDHR_DIRECTORY,
) -> None:
    passages = list_passages(articles, directory)
    sib200, flores200 = split_sib200(passages, seed), split_flores200(passages)
    counts = {
        "sib200": {name: len(part) for name, part in sib200.items()},
        "flores200": {name: len(part) for name, part in flores200.items()},
    }
    with write_directory(output, {"source": "held-out articles of the Declaration", **counts}) as target:
        for language in languages:
            texts = dict(zip(passages, read_passage_texts(language, passages, directory), strict=True))
            write_sib200(target / "sib200" / language, texts, sib200)
            flores200_texts = {name: [texts[passage] for passage in part] for name, part in flores200.items()}
            write_flores200(target / "flores200", language, flores200_texts)
    print(f"{output}: {len(languages)} languages, {len(passages)} passages each")
