import type { AnyCell } from "../matrix/index.ts";
import { dataRepositories } from "../matrix/index.ts";
import type { JobSetManifest } from "../kube/manifests.ts";
import { slugOf } from "../kube/names.ts";
import type { Artifact } from "./artifact.ts";
import { artifactOf } from "./artifact.ts";
import type { HubPlace } from "./hub.ts";
import { download, hubSecrets } from "./hub.ts";
import { inputs } from "./inputs.ts";
import { studySources } from "./studySources.ts";
import { foldersOf, taskFiles } from "./taskFiles.ts";

const seed = 42;

/** GlotLID's 1.7 GB are shared by the workers. */
export const mixtureResources = { cpu: "8", memory: "16Gi" } as const;

const tokenizerFiles = ["tokenizer.json", "tokenizer_config.json", "config.json"];
const languageModelFiles = ["model.bin"];

/** What every mixture of a stack is made with. */
export interface Supplies {
  place: HubPlace;
  /** Counts tokens. */
  tokenizer: Artifact;
  /** Knows languages. */
  languageModel: Artifact;
  /** Folders of the store with texts that no mixture may hold. */
  benchmarks: readonly string[];
}

export function suppliesAt(place: HubPlace): Supplies {
  const { counting, languageModel } = dataRepositories;
  return {
    place,
    tokenizer: download(counting, place, tokenizerFiles),
    languageModel: download(languageModel, place, languageModelFiles),
    benchmarks: foldersOf(taskFiles(place)),
  };
}

/** What a cell says of its mixture: cells of every family share it. */
export type MixtureName = Pick<AnyCell, "data" | "category" | "parts">;

/**
 * A mixture of the study: only the stack `corpora` makes it. Its folder depends on the cluster's images and the commits
 * alone, so any stack knows it.
 */
export function studyCorpus({ data, category, parts }: MixtureName, { place, tokenizer, languageModel, benchmarks }: Supplies): Artifact<JobSetManifest> {
  const name = slugOf(`${data}-${category}`);
  const { parallelText } = inputs(place.cluster);
  const materials = { revisions: place.revisions, languageModel: `${languageModel.path}/model.bin`, parallelText };
  const recipe = {
    verb: "mixture",
    name: ["data", name],
    place: `corpora/${name}-`,
    spec: { seed, tokenizer: tokenizer.path, benchmarks: benchmarks.length === 1 ? benchmarks[0] : benchmarks, sources: studySources(parts, materials) },
    from: [tokenizer.path, languageModel.path, ...benchmarks, ...(parts.ingredients.includes("bilingual") ? [parallelText] : [])],
    resources: mixtureResources,
    ...hubSecrets(place.tokenSecret),
  } as const;
  return artifactOf(recipe, place.cluster, place.stack);
}
