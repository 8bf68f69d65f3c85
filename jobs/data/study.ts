import type { AnyCell } from "../matrix/index.ts";
import { dataRepositories } from "../matrix/index.ts";
import type { JobSetManifest } from "../kube/manifests.ts";
import { slugOf } from "../kube/names.ts";
import type { ClusterOutputs } from "../kube/outputs.ts";
import type { Artifact, Recipe } from "./artifact.ts";
import { artifactOf, artifactPath } from "./artifact.ts";
import type { HubPlace } from "./hub.ts";
import { download, downloadPath, hubSecrets } from "./hub.ts";
import { studySources } from "./studySources.ts";

const seed = 42;

/** GlotLID's 1.7 GB are shared by the workers. */
const resources = { cpu: "8", memory: "16Gi" };

/**
 * What no step can fetch, because no registry has it as files: somebody puts it into the store (docs/data.md).
 * It is no part of any hash: changed files go into a folder of another name.
 */
export function inputs({ store }: ClusterOutputs): { benchmarks: string; parallelText: string } {
  return { benchmarks: `${store.mount}/inputs/benchmarks`, parallelText: `${store.mount}/inputs/nllb` };
}

const tokenizerFiles = ["tokenizer.json", "tokenizer_config.json", "config.json"];
const languageModelFiles = ["model.bin"];

/** The models that mixtures are made with: one counts tokens, the other knows languages. */
export function mixtureTools(place: HubPlace): Artifact[] {
  const { counting, languageModel } = dataRepositories;
  return [download(counting, place, tokenizerFiles), download(languageModel, place, languageModelFiles)];
}

/** What a cell says of its mixture: cells of every family share it. */
export type MixtureName = Pick<AnyCell, "data" | "category" | "parts">;

function mixtureRecipe({ data, category, parts }: MixtureName, place: HubPlace): Recipe & { from: readonly string[] } {
  const name = slugOf(`${data}-${category}`);
  const { benchmarks, parallelText } = inputs(place.cluster);
  const tokenizer = downloadPath(dataRepositories.counting, place, tokenizerFiles);
  const languageModel = downloadPath(dataRepositories.languageModel, place, languageModelFiles);
  const materials = { revisions: place.revisions, languageModel: `${languageModel}/model.bin`, parallelText };
  return {
    verb: "mixture",
    name: ["data", name],
    place: `corpora/${name}-`,
    spec: { seed, tokenizer, benchmarks, sources: studySources(parts, materials) },
    from: [tokenizer, languageModel, benchmarks],
    resources,
    ...hubSecrets(place.tokenSecret),
  };
}

/** A mixture of the study: only the stack `corpora` makes it. */
export function studyCorpus(mixture: MixtureName, place: HubPlace): Artifact<JobSetManifest> {
  return artifactOf(mixtureRecipe(mixture, place), place.cluster, place.stack);
}

/** The folder of a mixture. It depends on the cluster's images and the commits alone, so any stack knows it. */
export function studyCorpusPath(mixture: MixtureName, place: HubPlace): string {
  return artifactPath(mixtureRecipe(mixture, place), place.cluster);
}
