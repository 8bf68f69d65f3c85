import { createConfiguration, ServerConfiguration, VersionApi } from "@kubernetes/client-node";
import { KubectlConfig } from "../../plugins/kubernetes/kubectlConfig.ts";

/**
 * Checks that the API server of a kubeconfig answers at all. Requests of the API client have no time limit, so that an
 * address that drops packets would hold a command for minutes.
 * @throws Error if the kubeconfig is not usable or the server does not answer in time
 */
export async function probeApiServer(kubeconfig: string, timeoutMilliseconds: number): Promise<void> {
  const config = new KubectlConfig();
  config.loadFromString(kubeconfig);
  const cluster = config.getCurrentCluster();
  if (cluster === null) throw new Error("the kubeconfig has no current context");
  const signal = AbortSignal.timeout(timeoutMilliseconds);
  const api = new VersionApi(
    createConfiguration({
      baseServer: new ServerConfiguration(cluster.server, {}),
      authMethods: { default: config },
      promiseMiddleware: [
        {
          pre: (context) => {
            context.setSignal(signal as Parameters<typeof context.setSignal>[0]);
            return Promise.resolve(context);
          },
          post: (context) => Promise.resolve(context),
        },
      ],
    }),
  );
  try {
    await api.getCode();
  } catch (error) {
    if (signal.aborted)
      throw new Error(`${cluster.server} did not respond within ${String(timeoutMilliseconds / 1000)} s`, {
        cause: error,
      });
    // The server answered: its rules of access decide about the requests that follow.
    if (error instanceof Object && "code" in error && typeof error.code === "number") return;
    throw error;
  }
}
