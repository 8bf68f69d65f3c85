import { stringify } from "yaml";
import type { ClusterOutputs } from "../kube/clusterOutputs.ts";
import { selectPlacement } from "../kube/podSettings.ts";
import type { PodResources, PodSpecInput } from "../kube/restrictedPod.ts";
import type { Evaluation, IdentificationEvaluation } from "./evaluation.ts";
import { evaluatorCommand, evaluatorFields } from "./evaluatorCommand.ts";
import { selectScoreFolders } from "./scoreFolders.ts";

/** Resources of a pod that identifies languages with the model in the image, or with GlotLID, which takes 1.7 GB. */
const packagedModelResources: PodResources = { cpu: "250m", memory: "256Mi" };
const hubModelResources: PodResources = { cpu: "1", memory: "4Gi" };

function renderIdentificationSpec(name: string, evaluation: IdentificationEvaluation, checkpoint: string): string {
  const { files, translations, scores } = evaluation;
  const { question, modelFile, ...units } = evaluation.settings;
  return stringify({
    checkpoint,
    translations,
    output: scores,
    languageModel: modelFile === undefined ? question.model : `${files}/${modelFile}`,
    ...units,
    benchmark: { name, ...question },
  });
}

/** Builds the pod that identifies the language of translations, without a device. */
export function buildIdentificationPod(
  [name, benchmark]: readonly [string, IdentificationEvaluation],
  { evaluation, cluster }: { readonly evaluation: Evaluation; readonly cluster: ClusterOutputs },
): PodSpecInput {
  const { question, modelFile } = benchmark.settings;
  return {
    name: "evaluate",
    image: evaluation.image,
    command: [evaluatorCommand],
    args: [question.kind],
    env: { MIXCPT_SPEC: renderIdentificationSpec(name, benchmark, evaluation.subject.checkpoint) },
    fields: evaluatorFields,
    resources: modelFile === undefined ? packagedModelResources : hubModelResources,
    store: cluster.store,
    writes: selectScoreFolders([benchmark.scores], cluster),
    avoidsDevices: true,
    settings: selectPlacement(cluster.pods.evaluation),
  };
}
