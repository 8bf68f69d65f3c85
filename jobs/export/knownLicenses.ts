/**
 * Licenses of hub repositories, as the metadata of their pages name them. The store has no copy of these pages, because
 * a download takes only weights, configuration and tokenizer.
 */
const knownLicenses: Readonly<Record<string, string>> = {
  "meta-llama/Llama-2-7b-hf": "llama2",
  "meta-llama/Meta-Llama-3.1-8B": "llama3.1",
  "LumiOpen/Viking-7B": "apache-2.0",
  "allenai/MADLAD-400": "odc-by",
  "bigcode/the-stack-dedup": "other",
};

/** The license of a repository; undefined if it is not known here. */
export function findKnownLicense(repository: string | undefined): string | undefined {
  return repository === undefined ? undefined : knownLicenses[repository];
}
