import type { SurveyedCluster } from "./stackSurvey.ts";

/**
 * @throws Error if runs are recorded on another cluster: a retry would look for failures where they never ran, and an
 * adoption for folders in another store
 */
export function refuseMovedStack(
  clusters: readonly Pick<SurveyedCluster, "name" | "runs">[],
  { verb, stack, target }: { verb: "retry" | "adopt"; stack: string; target: string },
): void {
  const former = clusters.flatMap(({ name, runs }) =>
    name !== undefined && name !== target && runs.length > 0 ? `"${name}"` : [],
  );
  if (former.length === 0) return;
  throw new Error(
    `Pulumi.${stack}.yaml names cluster "${target}" (mixcpt:cluster), but the state records runs on ` +
      `${former.join(", ")}; ${verb} does not move a stack: ` +
      `name ${former.join(", ")} again, or run ./mixcpt up ${stack}`,
  );
}
