import { existsSync } from "node:fs";
import { promisify } from "node:util";
import { execFile } from "node:child_process";
import { delimiter } from "node:path";
import { z } from "zod";
import { childEnvironment, searchPath } from "../../infra/environment.ts";
import { readSoftware, softwareFile } from "../../infra/software.ts";
import { kindLabel } from "../../jobs/kube/labels.ts";
import { platform } from "../../jobs/kube/platform.ts";
import { kubeconfigFile } from "../cluster/declared.ts";
import type { Answer } from "./report.ts";

/** A plan does not wait for a cluster that is away. */
const timeoutMilliseconds = 2000;

const scoresList = z.object({ items: z.array(z.object({ metadata: z.object({ name: z.string() }) })) });

const programs = (): readonly string[] => (existsSync(softwareFile) ? readSoftware().programs : []);

async function scoresOn(cluster: string): Promise<string[]> {
  const PATH = [...programs(), ...searchPath()].join(delimiter);
  const env = childEnvironment({ PATH, KUBECONFIG: kubeconfigFile(cluster) });
  const args = ["get", "configmaps", "-n", platform.namespace, "-l", `${kindLabel}=scores`, "-o", "json", `--request-timeout=${String(timeoutMilliseconds)}ms`];
  const { stdout } = await promisify(execFile)("kubectl", args, { env, timeout: timeoutMilliseconds, maxBuffer: 1 << 28 });
  return scoresList.parse(JSON.parse(stdout)).items.map(({ metadata }) => metadata.name);
}

/** Which runs of a cluster have their scores, where it answers within two seconds. Never throws: a plan needs no cluster. */
export async function standingOn(cluster: string): Promise<Answer> {
  if (!existsSync(kubeconfigFile(cluster))) return { silent: `there is no cluster ${cluster} here` };
  try {
    const names = new Set(await scoresOn(cluster));
    return { standing: (run) => (names.has(`scores-${run}`) ? "done" : undefined) };
  } catch {
    return { silent: `cluster ${cluster} does not answer within ${String(timeoutMilliseconds / 1000)} s` };
  }
}
