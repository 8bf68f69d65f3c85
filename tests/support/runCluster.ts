import { startApiServer } from "./apiServer.ts";
import type { ApiServer } from "./apiServer.ts";
import { installControllerKinds } from "./controllerKinds.ts";
import { waitUntil } from "./processes.ts";

export const trainJobsPath = "/apis/trainer.kubeflow.org/v1alpha1/namespaces/mixcpt/trainjobs";

/** Starts an API server that accepts the runs of an experiments stack. Nothing acts on them. */
export async function startRunCluster(): Promise<ApiServer> {
  const api = await startApiServer();
  api.startControllers();
  await api.call("POST", "/api/v1/namespaces", { metadata: { name: "mixcpt" } });
  await installControllerKinds(api, /^(trainjobs|jobsets)\./);
  await waitUntil("TrainJobs are served", async () => (await api.call("GET", trainJobsPath)).status === 200);
  const jobSetsPath = "/apis/jobset.x-k8s.io/v1alpha2/namespaces/mixcpt/jobsets";
  await waitUntil("JobSets are served", async () => (await api.call("GET", jobSetsPath)).status === 200);
  return api;
}
