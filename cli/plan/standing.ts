import { existsSync } from "node:fs";
import { promisify } from "node:util";
import { execFile } from "node:child_process";
import { delimiter } from "node:path";
import { z } from "zod";
import { childEnvironment, searchPath } from "../../infra/environment.ts";
import { readSoftware, softwareFile } from "../../infra/software.ts";
import { askedAnnotation, kindLabel } from "../../jobs/kube/labels.ts";
import { scoresName } from "../../jobs/kube/names.ts";
import { platform } from "../../jobs/kube/platform.ts";
import { kubeconfigFile } from "../cluster/declared.ts";
import type { CellPlan } from "../../jobs/plan/index.ts";
import type { Answer } from "./report.ts";

/** A plan does not wait for a cluster that is away. */
const timeoutMilliseconds = 2000;

const scoresList = z.object({ items: z.array(z.object({ metadata: z.object({ name: z.string(), annotations: z.record(z.string(), z.string()).optional() }) })) });

const programs = (): readonly string[] => (existsSync(softwareFile) ? readSoftware().programs : []);

/** Names of published scores, with what was asked for them. */
async function scoresOn(cluster: string): Promise<ReadonlyMap<string, string | undefined>> {
  const PATH = [...programs(), ...searchPath()].join(delimiter);
  const env = childEnvironment({ PATH, KUBECONFIG: kubeconfigFile(cluster) });
  const args = ["get", "configmaps", "-n", platform.namespace, "-l", `${kindLabel}=scores`, "-o", "json", `--request-timeout=${String(timeoutMilliseconds)}ms`];
  const { stdout } = await promisify(execFile)("kubectl", args, { env, timeout: timeoutMilliseconds, maxBuffer: 1 << 28 });
  return new Map(scoresList.parse(JSON.parse(stdout)).items.map(({ metadata }) => [metadata.name, metadata.annotations?.[askedAnnotation]]));
}

/** A stack that asks otherwise than it did has scores, and not those. What answers, the image, is not compared: a plan does not know it. */
function standingIn(scores: ReadonlyMap<string, string | undefined>, { run, asked }: Pick<CellPlan, "run" | "asked">): string | undefined {
  const name = scoresName(run);
  if (!scores.has(name)) return undefined;
  return scores.get(name) === asked ? "done" : "asked otherwise";
}

/** Which runs of a cluster have their scores, where it answers within two seconds. Never throws: a plan needs no cluster. */
export async function standingOn(cluster: string): Promise<Answer> {
  if (!existsSync(kubeconfigFile(cluster))) return { silent: `there is no cluster ${cluster} here` };
  try {
    const scores = await scoresOn(cluster);
    return { standing: (cell) => standingIn(scores, cell) };
  } catch {
    return { silent: `cluster ${cluster} does not answer within ${String(timeoutMilliseconds / 1000)} s` };
  }
}
