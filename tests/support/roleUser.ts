/**
 * Run as a separate program, `node roleUser.ts REQUEST`: what the command line does with a role's credential, as JSON.
 * Jest cannot load the Kubernetes client.
 */
import { argv } from "node:process";
import { explainError } from "../../cli/explainError.ts";
import { deleteWorkload } from "../../cli/kubernetes/deleteWorkload.ts";
import { issueRoleKubeconfig } from "../../cli/kubernetes/roleKubeconfig.ts";
import { createSnapshotReader } from "../../cli/kubernetes/snapshotReader.ts";
import type { AccessRoleName } from "../../infra/access/accessRoles.ts";

export type RoleUserRequest =
  | {
      readonly verb: "issue";
      readonly kubeconfig: string;
      readonly role: AccessRoleName;
      readonly hours: number;
      readonly user?: string;
      readonly patienceMs?: number;
    }
  /** Reads what `watch` shows. */
  | { readonly verb: "watch"; readonly kubeconfig: string }
  /** Deletes a run as `retry` does; the cluster's kubeconfig is the role's. */
  | { readonly verb: "retry"; readonly cluster: string; readonly training: string };

async function runRequest(request: RoleUserRequest): Promise<unknown> {
  switch (request.verb) {
    case "issue":
      return issueRoleKubeconfig({ cluster: "lab", namespace: "mixcpt", ...request });
    case "watch": {
      const { trainJobs, unread } = await createSnapshotReader({ ...request, namespace: "mixcpt" })();
      return { trainings: trainJobs.length, unread };
    }
    case "retry":
      return deleteWorkload(request.cluster, { kind: "trainjob", name: request.training });
  }
}

try {
  console.log(JSON.stringify((await runRequest(JSON.parse(argv[2] ?? "") as RoleUserRequest)) ?? null));
} catch (error) {
  console.error(explainError(error));
  process.exitCode = 1;
}
