import { readFileSync } from "node:fs";
import { readToolchain } from "../../workspace/toolchain.ts";
import { startApiServer } from "./apiServer.ts";
import type { ApiServer } from "./apiServer.ts";
import { waitUntil } from "./processes.ts";

export const trainJobsPath = "/apis/trainer.kubeflow.org/v1alpha1/namespaces/mixcpt/trainjobs";

interface Definition {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: Record<string, unknown>;
}

/** The kinds of a stack's runs, without conversion, which needs the controllers. */
function readRunDefinitions(): Definition[] {
  const { trainer, jobset } = readToolchain().manifests;
  return [trainer, jobset]
    .flatMap((file) => JSON.parse(readFileSync(file, "utf8")) as Definition[])
    .filter(
      ({ kind, metadata: { name } }) => kind === "CustomResourceDefinition" && /^(trainjobs|jobsets)\./.test(name),
    )
    .map((definition) => ({ ...definition, spec: { ...definition.spec, conversion: undefined } }));
}

/** Starts an API server that accepts the runs of an experiments stack. Nothing acts on them. */
export async function startRunCluster(): Promise<ApiServer> {
  const api = await startApiServer();
  api.startControllers();
  await api.call("POST", "/api/v1/namespaces", { metadata: { name: "mixcpt" } });
  for (const definition of readRunDefinitions())
    await api.call("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", definition);
  await waitUntil("TrainJobs are served", async () => (await api.call("GET", trainJobsPath)).status === 200);
  const jobSetsPath = "/apis/jobset.x-k8s.io/v1alpha2/namespaces/mixcpt/jobsets";
  await waitUntil("JobSets are served", async () => (await api.call("GET", jobSetsPath)).status === 200);
  return api;
}
