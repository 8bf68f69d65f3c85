import { startApiServer } from "./apiServer.ts";
import type { ApiServer } from "./apiServer.ts";
import { installControllerKinds } from "./controllerKinds.ts";

export const trainJobsPath = "/apis/trainer.kubeflow.org/v1alpha1/namespaces/mixcpt/trainjobs";

/** Starts an API server that accepts the runs of an experiments stack. Nothing acts on them. */
export async function startRunCluster(): Promise<ApiServer> {
  const api = await startApiServer();
  api.startControllers();
  await api.call("POST", "/api/v1/namespaces", { metadata: { name: "mixcpt" } });
  await installControllerKinds(api, /^(trainjobs|jobsets)\./);
  return api;
}
