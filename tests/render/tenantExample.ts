/** What a team with rights in one namespace alone makes there: the training runtime and the objects of one cell. */
import { deriveClusterOutputs } from "../../cli/plan/deriveClusterOutputs.ts";
import { loadFamilyConfig } from "../../cli/plan/loadStackConfig.ts";
import { placeholderImages } from "../../cli/render/renderStackFiles.ts";
import { getPlatformNames } from "../../infra/clusterNames.ts";
import { buildProvisionalExperiment, listCellManifests } from "../../jobs/experiment/index.ts";
import { buildTrainingRuntime } from "../../jobs/kube/trainingRuntime.ts";
import { readExampleCluster } from "./exampleCluster.ts";
import type { RenderedManifest } from "./renderedManifests.ts";

const stack = "dev";

export function buildTenantManifests(): RenderedManifest[] {
  const names = getPlatformNames(readExampleCluster("tenant"));
  const config = loadFamilyConfig(stack);
  const cluster = { ...deriveClusterOutputs(config, { images: placeholderImages }), ...names };
  const [cell] = buildProvisionalExperiment(config, cluster).cells;
  return [buildTrainingRuntime(cluster), ...(cell === undefined ? [] : listCellManifests(cell))];
}
