/**
 * A real Pulumi engine, a real API server and the stand-in plugin between them. No kubelet runs: a test that needs an
 * available workload writes the status of its pods.
 *
 * @jest-environment ./tests/support/engineEnvironment.ts
 */
import * as k8s from "@pulumi/kubernetes";
import { waitUntil } from "../support/processes.ts";
import { captureFailure, useTestBed } from "../support/testBed.ts";

const testBed = useTestBed();

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

/** Waits until the controllers run: one of them makes the account of each namespace. */
function awaitControllers(): Promise<void> {
  const path = "/api/v1/namespaces/default/serviceaccounts/default";
  return waitUntil("the controllers run", async () => (await testBed.api.call("GET", path)).status === 200);
}

/** Reports the pods as ready, as a kubelet would; the controllers, which make them, react to it. */
async function markPodsReady(): Promise<void> {
  let pods: { metadata: { name: string } }[] = [];
  await waitUntil("there are pods", async () => {
    pods = (await testBed.api.call("GET", "/api/v1/namespaces/default/pods")).body["items"] as typeof pods;
    return pods.length > 0;
  });
  const status = { phase: "Running", conditions: [{ type: "Ready", status: "True" }] };
  for (const { metadata } of pods) {
    const path = `/api/v1/namespaces/default/pods/${metadata.name}/status`;
    await testBed.api.call("PATCH", path, { status });
  }
}

describe("a Deployment", () => {
  it("that does not become available fails with its conditions, and the next up waits again", async () => {
    const stack = await testBed.engine.selectStack(
      "deployment",
      testBed.declareOnCluster(
        (options) =>
          // time for the controllers to make the pod and to say what is missing, also on a busy machine
          void new k8s.apps.v1.Deployment("server", buildDeployment({ "pulumi.com/timeoutSeconds": "15" }), options),
      ),
    );
    await awaitControllers();
    const message = await captureFailure(stack.up());
    expect(message).toMatch(/Deployment default\/server is not ready after 15 s: 0 of 1 replicas/);
    expect(message).toMatch(/condition Available=False MinimumReplicasUnavailable/);
    await markPodsReady();
    await stack.up();
    expect((await stack.up()).summary.resourceChanges).toEqual({ same: 3 });
    await stack.destroy();
    expect((await testBed.api.call("GET", deploymentPath)).status).toBe(404);
  });

  it("with skipAwait is not awaited, and another notation of the same quantity is not a change", async () => {
    const buildProgram = (cpu: string) =>
      testBed.declareOnCluster((options) => {
        const deployment = buildDeployment({ "pulumi.com/skipAwait": "true" });
        const containers = [{ name: "main", image: "none", resources: { limits: { cpu } } }];
        new k8s.apps.v1.Deployment(
          "server",
          {
            ...deployment,
            spec: { ...deployment.spec, template: { ...deployment.spec.template, spec: { containers } } },
          },
          options,
        );
      });
    const stack = await testBed.engine.selectStack("skip-await", buildProgram("1000m"));
    await stack.up();
    stack.workspace.program = buildProgram("1");
    expect((await stack.up()).summary.resourceChanges).toEqual({ same: 3 });
    expect((await stack.refresh()).summary.resourceChanges).toEqual({ same: 3 });
    await stack.destroy();
  });
});

describe("a Job", () => {
  it("is replaced when its pod template changes", async () => {
    const buildProgram = (image: string) =>
      testBed.declareOnCluster((options) => {
        const metadata = { name: "once", namespace: "default", annotations: { "pulumi.com/skipAwait": "true" } };
        const spec = { template: { spec: { restartPolicy: "Never", containers: [{ name: "main", image }] } } };
        new k8s.batch.v1.Job("once", { metadata, spec }, options);
      });
    const stack = await testBed.engine.selectStack("job", buildProgram("one"));
    await stack.up();
    const oldUid = (await testBed.fetchLiveObject("/apis/batch/v1/namespaces/default/jobs/once")).metadata["uid"];
    stack.workspace.program = buildProgram("two");
    expect((await stack.preview({ diff: true })).stdout).toMatch(/image\s*: "one" => "two"/);
    expect((await stack.up()).summary.resourceChanges).toMatchObject({ replace: 1 });
    expect((await testBed.fetchLiveObject("/apis/batch/v1/namespaces/default/jobs/once")).metadata["uid"]).not.toBe(
      oldUid,
    );
    await stack.destroy();
  });
});
