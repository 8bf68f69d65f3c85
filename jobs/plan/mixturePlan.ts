import type { Artifact, MixtureTokens } from "../data/index.ts";
import { countingFamily, estimateMixtureTokens } from "../data/index.ts";
import type { CorpusBytes } from "../estimate/index.ts";
import { estimateCorpusBytes, languageFilterBytes } from "../estimate/index.ts";
import type { JobSetManifest } from "../kube/manifestTypes.ts";
import { formatSlug } from "../kube/objectNames.ts";
import type { Cell } from "../matrix/index.ts";

/** A mixture of a stack of corpora with what its preparation costs. It needs no GPU. */
export interface MixturePlan {
  /** `Bi+Code-Stag`: kind of data and category, as in the ids of the cells that read it. */
  readonly id: string;
  readonly slug: string;
  /** Name of the JobSet that makes it; its hash changes with whatever changes the text. */
  readonly job: string;
  /** Tokens of one epoch with the tokenizer that counts them in STATS.json. */
  readonly tokens: MixtureTokens;
  /** FLORES-200 codes of its text, including English. */
  readonly languages: readonly string[];
  readonly diskBytes: CorpusBytes;
  /** Resources of the pod that makes it, as Kubernetes quantities. */
  readonly request: { cpu: string; memory: string };
}

/** Reads what the pod of a mixture requests, which the cluster's file may set. */
function readRequest({ job }: Artifact<JobSetManifest>): MixturePlan["request"] {
  const pod = job.spec.replicatedJobs.at(-1)?.template.spec.template.spec;
  const { cpu = "", memory = "" } = pod?.containers[0]?.resources?.requests ?? {};
  return { cpu, memory };
}

/** Plans a mixture from the words of its text. */
export function buildMixturePlan({
  mixture,
  corpus,
}: {
  mixture: Cell;
  corpus: Artifact<JobSetManifest>;
}): MixturePlan {
  const id = `${mixture.data}-${mixture.category}`;
  const tokens = estimateMixtureTokens({ ...mixture.parts, family: countingFamily });
  return {
    id,
    slug: formatSlug(id),
    job: corpus.job.metadata.name,
    tokens,
    languages: Object.keys(tokens.byLanguage),
    diskBytes: estimateCorpusBytes(tokens.total),
    request: readRequest(corpus),
  };
}

/** Bytes in the store while all mixtures are prepared side by side, including their language filter. */
export function computeMixturesPeak(mixtures: readonly MixturePlan[]): number {
  return mixtures.length === 0 ? 0 : mixtures.reduce((sum, { diskBytes }) => sum + diskBytes.peak, languageFilterBytes);
}
