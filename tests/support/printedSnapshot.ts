import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { execPath } from "node:process";
import type { ClusterSnapshot } from "../../cli/kubernetes/apiObjects.ts";
import type { WaitingReason } from "../../cli/watch/waiting/waitingReason.ts";
import { checkoutDirectory } from "../../workspace/environment.ts";

/** The output of printSnapshot.ts. */
export interface PrintedSnapshot {
  readonly snapshot?: ClusterSnapshot;
  readonly reason?: WaitingReason | null;
  readonly error?: string;
}

interface SnapshotReader {
  readonly run: string;
  /** Fields of the kubeconfig's user beside the administrator's. */
  readonly user: object;
}

/** Reads the namespace and the reason why a run waits, in a process of its own. */
export function readPrintedSnapshot(kubeconfig: string, { run, user }: SnapshotReader): PrintedSnapshot {
  const config = JSON.parse(kubeconfig) as { users: { user: object }[] };
  const users = config.users.map((entry) => ({ ...entry, user: { ...entry.user, ...user } }));
  const program = resolve(checkoutDirectory, "tests/support/printSnapshot.ts");
  const { stdout, stderr } = spawnSync(execPath, ["--disable-warning=ExperimentalWarning", program, run], {
    input: JSON.stringify({ ...config, users }),
    encoding: "utf8",
  });
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout) as PrintedSnapshot;
}
