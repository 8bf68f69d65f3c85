import type { Artifact, MixtureTokens } from "../data/index.ts";
import { mixtureResources, countMixtureTokens } from "../data/index.ts";
import type { JobSetManifest } from "../kube/manifestTypes.ts";
import { formatSlug } from "../kube/objectNames.ts";
import type { Cell } from "../matrix/index.ts";

/** A mixture of a stack of corpora, and what it takes to make it. No GPU is asked for. */
export interface MixturePlan {
  /** `Bi+Code-Stag`: kind of data and category, as in the ids of the cells that read it. */
  readonly id: string;
  readonly slug: string;
  /** Name of the JobSet that makes it; its hash changes with whatever changes the text. */
  readonly job: string;
  /** Of one epoch. */
  readonly tokens: MixtureTokens;
  /** FLORES-200 codes of its text, English among them. */
  readonly languages: readonly string[];
  /** In the store: what stays, and the most that lies there while it is made. */
  readonly diskBytes: { kept: number; peak: number };
  /** Kubernetes quantities. */
  readonly request: { cpu: string; memory: string };
}

/**
 * Bytes of `train.jsonl` for a token: ours, and on the high side. With a vocabulary of 128,000 words, like Viking's, which
 * counts here, a token is 3.94 characters of English (Llama 3, arXiv 2407.21783); languages that a vocabulary was not made
 * for have fewer bytes a token. The rest is for JSON's keys and escapes and the names of a pair's languages.
 */
export const corpusBytesPerToken = 5;

/** Sorted runs stay until the rows are in their place, so that for a while there are two of each (docs/data.md). */
export const copiesDuringPreparation = 2;

/** GlotLID's model.bin, which all mixtures are filtered with. Tokenizers are a thousandth of that. */
const languageFilterBytes = 1.7e9;

/** What a mixture costs, out of what the study counts in it. */
export function buildMixturePlan({
  mixture,
  corpus,
}: {
  mixture: Cell;
  corpus: Artifact<JobSetManifest>;
}): MixturePlan {
  const id = `${mixture.data}-${mixture.category}`;
  const tokens = countMixtureTokens(mixture.parts);
  const kept = corpusBytesPerToken * tokens.total;
  return {
    id,
    slug: formatSlug(id),
    job: corpus.job.metadata.name,
    tokens,
    languages: Object.keys(tokens.byLanguage),
    diskBytes: { kept, peak: copiesDuringPreparation * kept },
    request: mixtureResources,
  };
}

/** Bytes of the store while all mixtures are made side by side, and of what they are made with. */
export function computeMixturesPeak(mixtures: readonly MixturePlan[]): number {
  return mixtures.length === 0 ? 0 : mixtures.reduce((sum, { diskBytes }) => sum + diskBytes.peak, languageFilterBytes);
}
