import type * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation/index.js";
import * as k8s from "@pulumi/kubernetes";
import { startApiServer } from "./apiServer.ts";
import type { ApiServer } from "./apiServer.ts";
import { pulumiEngine } from "./pulumiEngine.ts";
import type { PulumiEngine } from "./pulumiEngine.ts";

/** A real API server with its controllers, and a real engine that works on it. */
export interface Stage {
  api: ApiServer;
  engine: PulumiEngine;
  /** A program on the server; every resource gets the provider as an option. */
  onCluster: (body: (options: pulumi.CustomResourceOptions) => unknown) => PulumiFn;
  /** The object at a path of the API. */
  live: (path: string) => Promise<{ data?: Record<string, string>; metadata: Record<string, unknown>; status?: Record<string, unknown> }>;
  end: () => Promise<void>;
}

export async function startStage(): Promise<Stage> {
  const [api, engine] = await Promise.all([startApiServer(), pulumiEngine()]);
  api.startControllers();
  return {
    api,
    engine,
    onCluster: (body) => async () => {
      const provider = new k8s.Provider("cluster", { kubeconfig: api.kubeconfig });
      return (await body({ provider })) as Record<string, unknown>;
    },
    live: async (path) => (await api.call("GET", path)).body as Awaited<ReturnType<Stage["live"]>>,
    end: async () => {
      engine.remove();
      await api.stop();
    },
  };
}

/** What a run that must fail says; empty where it does not. */
export async function failure(run: Promise<unknown>): Promise<string> {
  return run.then(() => "", (error: unknown) => String(error));
}
