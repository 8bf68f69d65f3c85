import { getNamespace } from "../../infra/clusterNames.ts";
import type { ClusterConfig, ForeignConfig } from "../../infra/clusterConfig.ts";
import { isForeignCluster } from "../../infra/clusterConfig.ts";
import type { RecordedResource } from "../engine/recordedRuns.ts";
import { hasControllers } from "./recordedPlatform.ts";

/** The components of the platform in a state, by the rights that they need. */
const componentTypes = { existing: "mixcpt:infra:Experiments", tenant: "mixcpt:infra:Tenant" } as const;

/** Finds the namespace that the last complete `cluster up` recorded. */
function findRecordedNamespace(resources: readonly RecordedResource[]): string | undefined {
  const namespace = resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs?.["namespace"];
  return typeof namespace === "string" ? namespace : undefined;
}

interface PlatformFile {
  readonly stack: string;
  readonly config: ForeignConfig;
}

/** Lists in which fields the file differs from the platform that the stack made. */
function listDifferences(resources: readonly RecordedResource[], config: ForeignConfig): string[] {
  const [recorded, wanted] = [findRecordedNamespace(resources), getNamespace(config)];
  const otherKind = config.kind === "tenant" ? "existing" : "tenant";
  return [
    ...(recorded !== undefined && recorded !== wanted
      ? [`namespace: this stack made its platform in ${recorded}, but its file names ${wanted}`]
      : []),
    ...(resources.some(({ type }) => type === componentTypes[otherKind])
      ? [`kind: this stack made its platform as ${otherKind}, but its file says ${config.kind}`]
      : []),
    ...(hasControllers(resources) && config.kind === "existing" && config.controllers === "installed"
      ? ["controllers: this stack installed them, but its file says that the cluster has them"]
      : []),
  ];
}

/**
 * Lists why `cluster up` would delete a platform with all that runs in its namespace, instead of changing it: the file
 * names another namespace, the kind has changed between an administrator's and a tenant's, or the controllers would go,
 * with the objects of their kinds in all namespaces.
 */
export function listMovedPlatform(resources: readonly RecordedResource[], { stack, config }: PlatformFile): string[] {
  const advice =
    `set it back and run ./mixcpt cluster destroy ${stack} before, ` + "or write another file, infra/Pulumi.NAME.yaml";
  return listDifferences(resources, config).map((difference) => `${difference}; ${advice}`);
}

/**
 * Refuses to destroy a platform whose file does not describe it: what runs there would be looked for elsewhere.
 * @throws Error with all fields to set back
 */
export function refuseMovedPlatform(
  resources: readonly RecordedResource[],
  { stack, config }: { readonly stack: string; readonly config: ClusterConfig },
): void {
  if (!isForeignCluster(config)) return;
  const differences = listDifferences(resources, config);
  if (differences.length === 0) return;
  const heading =
    `cluster destroy ${stack}: set back in infra/Pulumi.${stack}.yaml, ` + "or running work would not be seen:";
  throw new Error([heading, ...differences.map((line) => `  ${line}`)].join("\n"));
}
