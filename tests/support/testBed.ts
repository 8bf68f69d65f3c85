import type * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation/index.js";
import * as k8s from "@pulumi/kubernetes";
import { startApiServer } from "./apiServer.ts";
import type { ApiServer } from "./apiServer.ts";
import { createPulumiEngine } from "./pulumiEngine.ts";
import type { PulumiEngine } from "./pulumiEngine.ts";

/** A real API server with its controllers, and a real engine that works on it. */
export interface TestBed {
  readonly api: ApiServer;
  readonly engine: PulumiEngine;
  /** A program on the server; every resource gets the provider as an option. */
  readonly declareOnCluster: (body: (options: pulumi.CustomResourceOptions) => unknown) => PulumiFn;
  /** The object at a path of the API. */
  readonly fetchLiveObject: (
    path: string,
  ) => Promise<{ data?: Record<string, string>; metadata: Record<string, unknown>; status?: Record<string, unknown> }>;
  readonly close: () => Promise<void>;
}

export async function startTestBed(): Promise<TestBed> {
  const [api, engine] = await Promise.all([startApiServer(), createPulumiEngine()]);
  api.startControllers();
  return {
    api,
    engine,
    declareOnCluster: (body) => async () => {
      const provider = new k8s.Provider("cluster", { kubeconfig: api.kubeconfig });
      return (await body({ provider })) as Record<string, unknown>;
    },
    fetchLiveObject: async (path) =>
      (await api.call("GET", path)).body as Awaited<ReturnType<TestBed["fetchLiveObject"]>>,
    close: async () => {
      engine.removeHome();
      await api.stop();
    },
  };
}

/** What a run that must fail says; empty where it does not. */
export async function captureFailure(run: Promise<unknown>): Promise<string> {
  return run.then(
    () => "",
    (error: unknown) => String(error),
  );
}
