import type * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation/index.js";
import * as k8s from "@pulumi/kubernetes";
import { startApiServer } from "./apiServer.ts";
import type { ApiServer } from "./apiServer.ts";
import { createPulumiEngine } from "./pulumiEngine.ts";
import type { PulumiEngine } from "./pulumiEngine.ts";

interface LiveObject {
  readonly data?: Record<string, string>;
  readonly metadata: Record<string, unknown>;
  readonly status?: Record<string, unknown>;
}

/** A real API server with its controllers, and a real engine that works on it. */
interface TestBed {
  readonly api: ApiServer;
  readonly engine: PulumiEngine;
  /** Builds a program for the API server; `body` gets the provider as a resource option. */
  readonly declareOnCluster: (body: (options: pulumi.CustomResourceOptions) => unknown) => PulumiFn;
  /** Fetches the object at a path of the API. */
  readonly fetchLiveObject: (path: string) => Promise<LiveObject>;
}

/** Starts a test bed before the tests of the calling file and stops it after them. */
export function useTestBed(): TestBed {
  let started: { api: ApiServer; engine: PulumiEngine } | undefined;
  const getStarted = () => {
    if (started === undefined) throw new Error("the test bed is available only inside tests");
    return started;
  };
  beforeAll(async () => {
    const [api, engine] = await Promise.all([startApiServer(), createPulumiEngine()]);
    api.startControllers();
    started = { api, engine };
  });
  afterAll(async () => {
    started?.engine.removeHome();
    await started?.api.stop();
  });
  return {
    get api() {
      return getStarted().api;
    },
    get engine() {
      return getStarted().engine;
    },
    declareOnCluster: (body) => async () => {
      const provider = new k8s.Provider("cluster", { kubeconfig: getStarted().api.kubeconfig });
      return (await body({ provider })) as Record<string, unknown>;
    },
    fetchLiveObject: async (path) => (await getStarted().api.call("GET", path)).body as unknown as LiveObject,
  };
}

/** Returns the error text of a run that must fail; "" if it succeeds. */
export async function captureFailure(run: Promise<unknown>): Promise<string> {
  return run.then(
    () => "",
    (error: unknown) => String(error),
  );
}
