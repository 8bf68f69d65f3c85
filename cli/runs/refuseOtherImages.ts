import { isDeepStrictEqual } from "node:util";
import { readClusterCode } from "../../infra/clusterCode.ts";
import type { ImageRefs } from "../../jobs/kube/clusterOutputs.ts";
import type { ComputingCode, ComputingCodes } from "../../jobs/kube/computingCode.ts";
import { computations } from "../../jobs/kube/computingCode.ts";
import { infraProject } from "../../jobs/kube/clusterIdentity.ts";
import { parseClusterOutputs } from "../../stacks/clusterConnection.ts";
import { readClusterConfig } from "../cluster/readClusterConfig.ts";
import { isDeclaredCluster } from "../deploy/deployedStacks.ts";
import { readRecordedOutputs } from "../engine/recordedOutputs.ts";
import { readClusterName } from "../engine/stackDeclarations.ts";
import { selectClusterImages } from "../plan/deriveClusterOutputs.ts";

/** Lists the images of a cluster that differ from those of this commit. */
export function listOtherImages(onCluster: Partial<ImageRefs>, declared: ImageRefs): string[] {
  return (Object.keys(declared) as (keyof ImageRefs)[])
    .filter((name) => onCluster[name] !== declared[name])
    .map((name) => `${name}: ${onCluster[name] ?? "none"} on the cluster, ${declared[name]} at this commit`);
}

/** Lists the computations whose code on a cluster differs from that of this commit. */
export function listOtherCode(onCluster: Partial<ComputingCodes>, declared: ComputingCodes): string[] {
  return computations
    .filter((name) => !isDeepStrictEqual(onCluster[name], declared[name]))
    .map(
      (name) => `code of ${name}: ${formatCode(onCluster[name])} on the cluster, ${formatCode(declared[name])} here`,
    );
}

function formatCode(code: ComputingCode | undefined): string {
  if (code === undefined) return "none";
  const packages = Object.entries(code.packages).map(([name, version]) => `${name} ${version}`);
  return [`version ${String(code.version)}`, ...packages].join(", ");
}

/**
 * Refuses to submit a stack while its cluster has an older platform or the images of another commit: the runs would not
 * be those that `plan` and the pull request announced. A cluster that infra/ does not declare gets its images from
 * elsewhere.
 * @throws Error that lists the images that differ, or says that the cluster must be brought up first
 */
export async function refuseOtherImages(stack: string): Promise<void> {
  const cluster = readClusterName(stack);
  const outputs = await readRecordedOutputs(infraProject, cluster);
  if (outputs["images"] === undefined) return; // the program says that the cluster must be brought up first
  const onCluster = parseClusterOutputs(cluster, outputs);
  if (!isDeclaredCluster(cluster)) return;
  const config = readClusterConfig(cluster);
  const differences = [
    ...listOtherImages(onCluster.images, selectClusterImages(config)),
    ...listOtherCode(onCluster.code, readClusterCode(config)),
  ];
  if (differences.length === 0) return;
  throw new Error(
    [
      `cluster "${cluster}" has the images of another commit, so ${stack} would run with these; nothing was changed`,
      ...differences.map((difference) => `  ${difference}`),
      `run ./mixcpt cluster up ${cluster} first, or check out the commit that the cluster was updated to`,
    ].join("\n"),
  );
}
