import {
  AppsV1Api,
  AuthenticationV1Api,
  AuthorizationV1Api,
  BatchV1Api,
  CertificatesV1Api,
  CoreV1Api,
  createConfiguration,
  CustomObjectsApi,
  ServerConfiguration,
  StorageV1Api,
  wrapHttpLibrary,
} from "@kubernetes/client-node";
import type { HttpLibrary } from "@kubernetes/client-node";
import { KubectlConfig } from "../../plugins/kubernetes/kubectlConfig.ts";
import type { ServerConnection } from "./getResponse.ts";
import { repeatRequest } from "./repeatRequest.ts";

export interface ApiClients {
  readonly core: CoreV1Api;
  readonly batch: BatchV1Api;
  readonly apps: AppsV1Api;
  readonly custom: CustomObjectsApi;
  readonly storage: StorageV1Api;
  readonly authentication: AuthenticationV1Api;
  readonly authorization: AuthorizationV1Api;
  readonly certificates: CertificatesV1Api;
}

export interface RequestLimits {
  /** Ends all requests, those that are open as well. */
  readonly signal?: AbortSignal;
  /** Time for one request. */
  readonly timeoutMs?: number;
}

const defaultTimeoutMs = 10_000;

/**
 * Adds the limits to the vendor's library, which has no limit of time: an address that drops packets would hold a
 * command for minutes. It also gives up at the first refusal of a busy server.
 */
function limitRequests(
  vendorLibrary: HttpLibrary,
  { signal, timeoutMs = defaultTimeoutMs }: RequestLimits,
): HttpLibrary {
  return wrapHttpLibrary({
    send: (request) =>
      repeatRequest({ method: request.getHttpMethod(), signal }, async () => {
        const timeout = AbortSignal.timeout(timeoutMs);
        request.setSignal(signal === undefined ? timeout : AbortSignal.any([signal, timeout]));
        try {
          return await vendorLibrary.send(request).toPromise();
        } catch (error) {
          if (!timeout.aborted) throw error;
          throw new Error(`no response within ${timeoutMs / 1000} s from ${new URL(request.getUrl()).origin}`);
        }
      }),
  });
}

/** @throws Error if the kubeconfig has no current cluster */
function loadConfig(kubeconfig: string): { config: KubectlConfig; server: string } {
  const config = new KubectlConfig();
  config.loadFromString(kubeconfig);
  const cluster = config.getCurrentCluster();
  if (cluster === null) throw new Error("kubeconfig: current-context names no cluster; choose one of its contexts");
  return { config, server: cluster.server };
}

/** Builds the connection for lists and watches. @throws Error if the kubeconfig has no current cluster */
export function connectToServer(kubeconfig: string, { signal, timeoutMs }: RequestLimits = {}): ServerConnection {
  return { ...loadConfig(kubeconfig), signal, timeoutMs: timeoutMs ?? defaultTimeoutMs };
}

/** Builds clients of one cluster from the content of its kubeconfig. @throws Error if it has no current cluster */
export function createApiClients(kubeconfig: string, limits: RequestLimits = {}): ApiClients {
  const { config, server } = loadConfig(kubeconfig);
  const defaults = createConfiguration({
    baseServer: new ServerConfiguration(server, {}),
    authMethods: { default: config },
  });
  const configuration = { ...defaults, httpApi: limitRequests(defaults.httpApi, limits) };
  return {
    core: new CoreV1Api(configuration),
    batch: new BatchV1Api(configuration),
    apps: new AppsV1Api(configuration),
    custom: new CustomObjectsApi(configuration),
    storage: new StorageV1Api(configuration),
    authentication: new AuthenticationV1Api(configuration),
    authorization: new AuthorizationV1Api(configuration),
    certificates: new CertificatesV1Api(configuration),
  };
}
