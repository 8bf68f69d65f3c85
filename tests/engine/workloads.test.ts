/**
 * A real Pulumi engine, a real API server, the stand-in plugin between them. No kubelet runs:
 * where a workload must become available the test says so in its place.
 *
 * @jest-environment ./tests/support/engineEnvironment.ts
 */
import * as k8s from "@pulumi/kubernetes";
import { captureFailure, startTestBed } from "../support/testBed.ts";
import type { TestBed } from "../support/testBed.ts";

jest.setTimeout(120_000);

let stage: TestBed;

beforeAll(async () => {
  stage = await startTestBed();
});

afterAll(() => stage?.close());

const podSpec = { containers: [{ name: "main", image: "none", resources: { limits: { cpu: "1000m" } } }] };

function buildDeployment(annotations: Record<string, string>) {
  return {
    metadata: { name: "server", namespace: "default", annotations },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: "server" } },
      template: { metadata: { labels: { app: "server" } }, spec: podSpec },
    },
  };
}

const deploymentPath = "/apis/apps/v1/namespaces/default/deployments/server";

/** What a kubelet would report; the controllers draw their conclusions from it. */
async function markPodsReady(): Promise<void> {
  const pods = (await stage.api.call("GET", "/api/v1/namespaces/default/pods")).body["items"] as {
    metadata: { name: string };
  }[];
  const status = { phase: "Running", conditions: [{ type: "Ready", status: "True" }] };
  for (const { metadata } of pods) {
    const path = `/api/v1/namespaces/default/pods/${metadata.name}/status`;
    await stage.api.call("PATCH", path, { status });
  }
}

describe("a Deployment", () => {
  it("that does not become available fails with its conditions, and the next up waits for it again", async () => {
    const stack = await stage.engine.selectStack(
      "deployment",
      stage.declareOnCluster(
        (options) =>
          void new k8s.apps.v1.Deployment("server", buildDeployment({ "pulumi.com/timeoutSeconds": "2" }), options),
      ),
    );
    const message = await captureFailure(stack.up());
    expect(message).toMatch(/Deployment default\/server is not ready after 2 s: 0 of 1 replicas/);
    expect(message).toMatch(/condition Available=False MinimumReplicasUnavailable/);
    await markPodsReady();
    await stack.up();
    expect((await stack.up()).summary.resourceChanges).toEqual({ same: 3 });
    await stack.destroy();
    expect((await stage.api.call("GET", deploymentPath)).status).toBe(404);
  });

  it("with skipAwait is not waited for, and the same quantity in another notation is no change", async () => {
    const declare = (cpu: string) =>
      stage.declareOnCluster((options) => {
        const wanted = buildDeployment({ "pulumi.com/skipAwait": "true" });
        const containers = [{ name: "main", image: "none", resources: { limits: { cpu } } }];
        new k8s.apps.v1.Deployment(
          "server",
          { ...wanted, spec: { ...wanted.spec, template: { ...wanted.spec.template, spec: { containers } } } },
          options,
        );
      });
    const stack = await stage.engine.selectStack("skip-await", declare("1000m"));
    await stack.up();
    stack.workspace.program = declare("1");
    expect((await stack.up()).summary.resourceChanges).toEqual({ same: 3 });
    expect((await stack.refresh()).summary.resourceChanges).toEqual({ same: 3 });
    await stack.destroy();
  });
});

describe("a Job", () => {
  it("with another pod template is replaced", async () => {
    const declare = (image: string) =>
      stage.declareOnCluster((options) => {
        const metadata = { name: "once", namespace: "default", annotations: { "pulumi.com/skipAwait": "true" } };
        const spec = { template: { spec: { restartPolicy: "Never", containers: [{ name: "main", image }] } } };
        new k8s.batch.v1.Job("once", { metadata, spec }, options);
      });
    const stack = await stage.engine.selectStack("job", declare("one"));
    await stack.up();
    const before = (await stage.fetchLiveObject("/apis/batch/v1/namespaces/default/jobs/once")).metadata["uid"];
    stack.workspace.program = declare("two");
    expect((await stack.preview({ diff: true })).stdout).toMatch(/image\s*: "one" => "two"/);
    expect((await stack.up()).summary.resourceChanges).toMatchObject({ replace: 1 });
    expect((await stage.fetchLiveObject("/apis/batch/v1/namespaces/default/jobs/once")).metadata["uid"]).not.toBe(
      before,
    );
    await stack.destroy();
  });
});
