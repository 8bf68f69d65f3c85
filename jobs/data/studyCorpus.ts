import type { Cell } from "../matrix/index.ts";
import { dataRepositories } from "../matrix/index.ts";
import type { JobSetManifest } from "../kube/manifestTypes.ts";
import { formatSlug } from "../kube/objectNames.ts";
import type { Artifact } from "./artifact.ts";
import { buildDependentArtifact } from "./artifact.ts";
import type { HubContext } from "./hubDownloads.ts";
import { buildModelDownload, buildHubSecrets } from "./hubDownloads.ts";
import { locateExternalInputs } from "./externalInputs.ts";
import { listStudySources } from "./studySources.ts";
import { listTaskFolders, locateTaskFiles } from "./taskFiles.ts";

const studyCorpusSeed = 42;

/** GlotLID's 1.7 GB are shared by the workers. */
export const mixtureResources = { cpu: "8", memory: "16Gi" } as const;

const tokenizerFiles = ["tokenizer.json", "tokenizer_config.json", "config.json"];
const languageModelFiles = ["model.bin"];

/** What every mixture of a stack is made with. */
export interface PreparationInputs {
  readonly hubContext: HubContext;
  /** Counts tokens. */
  readonly tokenizer: Artifact;
  /** Knows languages. */
  readonly languageModel: Artifact;
  /** Folders of the store with texts that no mixture may hold. */
  readonly benchmarks: readonly string[];
}

export function buildPreparationInputs(place: HubContext): PreparationInputs {
  const { counting, languageModel } = dataRepositories;
  return {
    hubContext: place,
    tokenizer: buildModelDownload(counting, place, tokenizerFiles),
    languageModel: buildModelDownload(languageModel, place, languageModelFiles),
    benchmarks: listTaskFolders(locateTaskFiles(place)),
  };
}

/** What a cell says of its mixture: cells of every family share it. */
export type MixtureCoordinates = Pick<Cell, "data" | "category" | "parts">;

/**
 * A mixture of the study: only the stack `corpora` makes it. Its folder depends on the cluster's images and the commits
 * alone, so any stack knows it.
 */
export function buildStudyCorpus(
  { data, category, parts }: MixtureCoordinates,
  { hubContext: place, tokenizer, languageModel, benchmarks }: PreparationInputs,
): Artifact<JobSetManifest> {
  const name = formatSlug(`${data}-${category}`);
  const { parallelText } = locateExternalInputs(place.cluster);
  const materials = { revisions: place.revisions, languageModel: `${languageModel.path}/model.bin`, parallelText };
  const recipe = {
    verb: "mixture",
    name: ["data", name],
    pathPrefix: `corpora/${name}-`,
    spec: {
      seed: studyCorpusSeed,
      tokenizer: tokenizer.path,
      benchmarks: benchmarks.length === 1 ? benchmarks[0] : benchmarks,
      sources: listStudySources(parts, materials),
    },
    from: [
      tokenizer.path,
      languageModel.path,
      ...benchmarks,
      ...(parts.ingredients.includes("bilingual") ? [parallelText] : []),
    ],
    resources: mixtureResources,
    ...buildHubSecrets(place.tokenSecret),
  } as const;
  return buildDependentArtifact(recipe, place.cluster, place.stack);
}
