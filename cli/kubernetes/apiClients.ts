import {
  AppsV1Api,
  AuthorizationV1Api,
  BatchV1Api,
  CoreV1Api,
  CustomObjectsApi,
  StorageV1Api,
} from "@kubernetes/client-node";
import { KubectlConfig } from "../../plugins/kubernetes/kubectlConfig.ts";

export interface ApiClients {
  readonly core: CoreV1Api;
  readonly batch: BatchV1Api;
  readonly apps: AppsV1Api;
  readonly custom: CustomObjectsApi;
  readonly storage: StorageV1Api;
  readonly authorization: AuthorizationV1Api;
}

/** Builds clients of one cluster from the content of its kubeconfig. */
export function createApiClients(kubeconfig: string): ApiClients {
  const config = new KubectlConfig();
  config.loadFromString(kubeconfig);
  return {
    core: config.makeApiClient(CoreV1Api),
    batch: config.makeApiClient(BatchV1Api),
    apps: config.makeApiClient(AppsV1Api),
    custom: config.makeApiClient(CustomObjectsApi),
    storage: config.makeApiClient(StorageV1Api),
    authorization: config.makeApiClient(AuthorizationV1Api),
  };
}
