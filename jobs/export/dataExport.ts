import type { CommonConfig } from "../config/index.ts";
import type { ClusterOutputs } from "../kube/clusterOutputs.ts";
import { computeContentHash } from "../kube/contentHash.ts";
import type { JobManifest } from "../kube/manifestTypes.ts";
import type { Cell } from "../matrix/index.ts";
import { formatTwoLetterCode, selectLanguageNames } from "../matrix/index.ts";
import { listCardSources, listTextLanguages, unknownLicense } from "./cardSources.ts";
import type { PushTarget } from "./exportJob.ts";
import { assembleExportJob } from "./exportJob.ts";

interface DataExportInput {
  /** A cell that reads the mixture, or stands for it. */
  readonly cell: Cell;
  /** The mixture's folder. */
  readonly corpus: string;
  readonly isMiniature: boolean;
  readonly config: Pick<CommonConfig, "stack" | "revisions" | "tokenSecret">;
  readonly cluster: ClusterOutputs;
  /** Identifier of the hub; those of the sources if omitted. */
  readonly license: string | undefined;
  readonly push: PushTarget | undefined;
}

/** The file is copied in pieces, and the counts are small; our assumption for Python and the client of the hub. */
const memoryGiB = 2;

/** Formats the name of a mixture, like `Bi+Code-Alt`. */
export function formatMixtureName({ data, category }: Pick<Cell, "data" | "category">): string {
  return `${data}-${category}`;
}

/** The spec of `mixcpt-export data`, apart from its output and the upload. */
function buildDataExportSpec({ cell, corpus, isMiniature, config, license }: DataExportInput): object {
  const text = { cell, isMiniature };
  const languages = listTextLanguages(text);
  const sources = listCardSources(text, config);
  const licenses = new Set(sources.map((source) => source.license ?? unknownLicense));
  return {
    corpus,
    card: {
      mixture: formatMixtureName(cell),
      stack: config.stack,
      languages: languages.map(formatTwoLetterCode),
      textLanguages: Object.values(selectLanguageNames(languages)),
      licenses: license === undefined ? [...licenses] : [license],
      sources,
    },
  };
}

/** The folder of an export, which ends in a hash of everything that decides its files. */
export function locateDataExport(input: DataExportInput): string {
  const name = input.corpus.slice(input.corpus.lastIndexOf("/") + 1);
  return `${input.cluster.store.mount}/exports/${name}-${computeContentHash(buildDataExportSpec(input))}`;
}

/** Builds the Job that writes a mixture with its data card into the store, and uploads it if `push` is given. */
export function buildDataExportJob(input: DataExportInput): JobManifest {
  const { cell, config, cluster, push } = input;
  return assembleExportJob({
    id: formatMixtureName(cell),
    verb: "data",
    spec: { output: locateDataExport(input), ...buildDataExportSpec(input), ...(push && { push }) },
    memoryGiB,
    cluster,
    tokenSecret: push && config.tokenSecret,
  });
}
