import { getNamespace } from "../../infra/clusterNames.ts";
import type { ForeignConfig } from "../../infra/clusterConfig.ts";
import type { RecordedResource } from "../engine/recordedRuns.ts";

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

/**
 * Lists why `cluster up` would delete a platform with all that runs in its namespace, instead of changing it: the file
 * names another namespace, or the kind has changed between an administrator's and a tenant's.
 */
export function listMovedPlatform(resources: readonly RecordedResource[], { stack, config }: PlatformFile): string[] {
  const advice = `run ./mixcpt cluster destroy ${stack} before, or write another file, infra/Pulumi.NAME.yaml`;
  const [recorded, wanted] = [findRecordedNamespace(resources), getNamespace(config)];
  const otherKind = config.kind === "tenant" ? "existing" : "tenant";
  return [
    ...(recorded !== undefined && recorded !== wanted
      ? [`namespace: this stack made its platform in ${recorded}, but its file names ${wanted}; ${advice}`]
      : []),
    ...(resources.some(({ type }) => type === componentTypes[otherKind])
      ? [`kind: this stack made its platform as ${otherKind}, but its file says ${config.kind}; ${advice}`]
      : []),
  ];
}
