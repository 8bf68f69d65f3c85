/**
 * A real Pulumi engine, a real API server, the stand-in plugin between them. It proves what the plugin does to
 * objects and to state; no kubelet runs, so where a workload must become available the test says so in its place.
 *
 * @jest-environment ./tests/support/engineEnvironment.ts
 */
import type * as pulumi from "@pulumi/pulumi";
import * as k8s from "@pulumi/kubernetes";
import type { PulumiFn } from "@pulumi/pulumi/automation/index.js";
import { startApiServer } from "../support/apiServer.ts";
import type { ApiServer } from "../support/apiServer.ts";
import { pulumiEngine } from "../support/pulumiEngine.ts";
import type { PulumiEngine } from "../support/pulumiEngine.ts";

jest.setTimeout(120_000);

let api: ApiServer;
let engine: PulumiEngine;

beforeAll(async () => {
  [api, engine] = await Promise.all([startApiServer(), pulumiEngine()]);
  api.startControllers();
});

afterAll(async () => {
  engine?.remove();
  await api?.stop();
});

/** A program on the test's cluster; every resource gets the provider as an option. */
function onCluster(body: (options: pulumi.CustomResourceOptions) => unknown): PulumiFn {
  return async () => {
    const provider = new k8s.Provider("cluster", { kubeconfig: api.kubeconfig });
    return (await body({ provider })) as Record<string, unknown>;
  };
}

const configMap = (name: string, data: Record<string, pulumi.Input<string>>, options: pulumi.CustomResourceOptions) =>
  new k8s.core.v1.ConfigMap(name, { metadata: { name, namespace: "default" }, data }, options);

async function live(path: string) {
  return (await api.call("GET", path)).body as { data?: Record<string, string>; metadata: Record<string, unknown>; status?: Record<string, unknown> };
}

const inDefault = (name: string) => `/api/v1/namespaces/default/configmaps/${name}`;

async function failure(run: Promise<unknown>): Promise<string> {
  return run.then(() => "", (error: unknown) => String(error));
}

describe("a ConfigMap", () => {
  const declare = (value: string) => onCluster((options) => ({ uid: configMap("plain", { key: value }, options).metadata.uid }));

  it("is made, left alone by a second up, changed in place, and gone after destroy", async () => {
    const stack = await engine.stack("config-map", declare("one"));
    const first = await stack.up();
    expect((await live(inDefault("plain"))).data).toEqual({ key: "one" });
    expect(first.outputs["uid"]?.value).toBe((await live(inDefault("plain"))).metadata["uid"]);

    const second = await stack.up();
    expect(second.summary.resourceChanges).toEqual({ same: 3 });

    stack.workspace.program = declare("two");
    const preview = await stack.preview({ diff: true });
    expect(preview.stdout).toMatch(/key\s*: "one" => "two"/);
    expect((await stack.up()).summary.resourceChanges).toEqual({ same: 2, update: 1 });
    expect((await live(inDefault("plain"))).data).toEqual({ key: "two" });

    await stack.destroy();
    expect((await api.call("GET", inDefault("plain"))).status).toBe(404);
  });

  it("is made again when somebody deleted it", async () => {
    const stack = await engine.stack("deleted", onCluster((options) => void configMap("deleted", { key: "one" }, options)));
    await stack.up();
    await api.call("DELETE", inDefault("deleted"));
    const refreshed = await stack.refresh();
    expect(refreshed.summary.resourceChanges).toMatchObject({ delete: 1 });
    expect((await stack.up()).summary.resourceChanges).toMatchObject({ create: 1 });
    expect((await live(inDefault("deleted"))).data).toEqual({ key: "one" });
    await stack.destroy();
  });

  it("shows drift after a refresh, and loses a key that the program no longer has", async () => {
    const stack = await engine.stack("drift", onCluster((options) => void configMap("drift", { key: "one", gone: "soon" }, options)));
    await stack.up();
    await api.call("PATCH", `${inDefault("drift")}?fieldManager=pulumi-kubernetes-test`, { data: { key: "changed" } });
    await stack.refresh();
    const drifted = onCluster((options) => {
      const metadata = { name: "drift", namespace: "default", annotations: { "pulumi.com/patchForce": "true" } };
      new k8s.core.v1.ConfigMap("drift", { metadata, data: { key: "one" } }, options);
    });
    stack.workspace.program = drifted;
    expect((await stack.preview({ diff: true })).stdout).toMatch(/key\s*: "changed" => "one"/);
    await stack.up();
    expect((await live(inDefault("drift"))).data).toEqual({ key: "one" });
    await stack.destroy();
  });

  it("that somebody else made is not taken over without being told to", async () => {
    await api.call("POST", "/api/v1/namespaces/default/configmaps", { metadata: { name: "foreign" }, data: { key: "theirs" } });
    const stack = await engine.stack("foreign", onCluster((options) => void configMap("foreign", { key: "theirs" }, options)));
    expect(await failure(stack.up())).toMatch(/ConfigMap default\/foreign is already in the cluster .*import/);
    stack.workspace.program = onCluster((options) => void configMap("foreign", { key: "theirs" }, { ...options, import: "default/foreign" }));
    expect((await stack.up()).summary.resourceChanges).toMatchObject({ import: 1 });
    expect((await stack.up()).summary.resourceChanges).toEqual({ same: 3 });
    await stack.destroy();
  });

  it("without a name is named after its resource", async () => {
    const stack = await engine.stack("autonamed", onCluster((options) => ({ name: new k8s.core.v1.ConfigMap("settings", { data: { a: "1" } }, options).metadata.name })));
    const { outputs } = await stack.up();
    expect(outputs["name"]?.value).toMatch(/^settings-[0-9a-f]{8}$/);
    expect((await stack.up()).outputs["name"]?.value).toBe(outputs["name"]?.value);
    await stack.destroy();
  });

  it("that was renamed is replaced", async () => {
    const named = (name: string) => onCluster((options) => void new k8s.core.v1.ConfigMap("one", { metadata: { name }, data: { a: "1" } }, options));
    const stack = await engine.stack("renamed", named("before"));
    await stack.up();
    stack.workspace.program = named("after");
    expect((await stack.up()).summary.resourceChanges).toMatchObject({ replace: 1 });
    expect((await api.call("GET", inDefault("before"))).status).toBe(404);
    expect((await api.call("GET", inDefault("after"))).status).toBe(200);
    await stack.destroy();
  });
});

describe("a Secret", () => {
  it("stays secret in state and outputs, and loses a stringData key that the program no longer has", async () => {
    const declare = (stringData: Record<string, string>) => onCluster((options) => {
      const secret = new k8s.core.v1.Secret("token", { metadata: { name: "token", namespace: "default" }, stringData }, options);
      return { data: secret.data };
    });
    const stack = await engine.stack("secret", declare({ token: "hunter2", old: "gone" }));
    const { outputs } = await stack.up();
    expect(outputs["data"]).toMatchObject({ secret: true, value: { token: Buffer.from("hunter2").toString("base64") } });
    const state = engine.state("secret");
    expect(state).not.toContain("hunter2");
    expect(state).not.toContain(Buffer.from("hunter2").toString("base64"));
    expect((await stack.up()).summary.resourceChanges).toEqual({ same: 3 });
    stack.workspace.program = declare({ token: "hunter2" });
    await stack.up();
    expect(Object.keys((await live("/api/v1/namespaces/default/secrets/token")).data ?? {})).toEqual(["token"]);
    expect((await stack.refresh()).summary.resourceChanges).toEqual({ same: 3 });
    await stack.destroy();
  });
});

const podSpec = { containers: [{ name: "main", image: "none", resources: { limits: { cpu: "1000m" } } }] };
const deployment = (annotations: Record<string, string>) => ({
  metadata: { name: "server", namespace: "default", annotations },
  spec: { replicas: 1, selector: { matchLabels: { app: "server" } }, template: { metadata: { labels: { app: "server" } }, spec: podSpec } },
});
const deploymentPath = "/apis/apps/v1/namespaces/default/deployments/server";

/** What a kubelet would report; the controllers draw their conclusions from it. */
async function podsBecomeReady(): Promise<void> {
  const pods = (await api.call("GET", "/api/v1/namespaces/default/pods")).body["items"] as { metadata: { name: string } }[];
  const status = { phase: "Running", conditions: [{ type: "Ready", status: "True" }] };
  for (const { metadata } of pods) {
    const path = `/api/v1/namespaces/default/pods/${metadata.name}/status`;
    await api.call("PATCH", path, { status });
  }
}

describe("a Deployment", () => {
  it("that does not become available fails with its conditions, and the next up waits for it again", async () => {
    const stack = await engine.stack("deployment", onCluster((options) => void new k8s.apps.v1.Deployment("server", deployment({ "pulumi.com/timeoutSeconds": "2" }), options)));
    const message = await failure(stack.up());
    expect(message).toMatch(/Deployment default\/server is not ready after 2 s: 0 of 1 replicas/);
    expect(message).toMatch(/condition Available=False MinimumReplicasUnavailable/);
    await podsBecomeReady();
    await stack.up();
    expect((await stack.up()).summary.resourceChanges).toEqual({ same: 3 });
    await stack.destroy();
    expect((await api.call("GET", deploymentPath)).status).toBe(404);
  });

  it("with skipAwait is not waited for, and the same quantity in another notation is no change", async () => {
    const declare = (cpu: string) => onCluster((options) => {
      const wanted = deployment({ "pulumi.com/skipAwait": "true" });
      const containers = [{ name: "main", image: "none", resources: { limits: { cpu } } }];
      new k8s.apps.v1.Deployment("server", { ...wanted, spec: { ...wanted.spec, template: { ...wanted.spec.template, spec: { containers } } } }, options);
    });
    const stack = await engine.stack("skip-await", declare("1000m"));
    await stack.up();
    stack.workspace.program = declare("1");
    expect((await stack.up()).summary.resourceChanges).toEqual({ same: 3 });
    expect((await stack.refresh()).summary.resourceChanges).toEqual({ same: 3 });
    await stack.destroy();
  });
});

describe("a Job", () => {
  it("with another pod template is replaced", async () => {
    const declare = (image: string) => onCluster((options) => {
      const metadata = { name: "once", namespace: "default", annotations: { "pulumi.com/skipAwait": "true" } };
      const spec = { template: { spec: { restartPolicy: "Never", containers: [{ name: "main", image }] } } };
      new k8s.batch.v1.Job("once", { metadata, spec }, options);
    });
    const stack = await engine.stack("job", declare("one"));
    await stack.up();
    const before = (await live("/apis/batch/v1/namespaces/default/jobs/once")).metadata["uid"];
    stack.workspace.program = declare("two");
    expect((await stack.preview({ diff: true })).stdout).toMatch(/image\s*: "one" => "two"/);
    expect((await stack.up()).summary.resourceChanges).toMatchObject({ replace: 1 });
    expect((await live("/apis/batch/v1/namespaces/default/jobs/once")).metadata["uid"]).not.toBe(before);
    await stack.destroy();
  });
});

const definition = {
  metadata: { name: "cells.test.mixcpt.io" },
  spec: {
    group: "test.mixcpt.io",
    scope: "Namespaced",
    names: { plural: "cells", singular: "cell", kind: "Cell" },
    versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: { type: "object", x_kubernetes_preserve_unknown_fields: true } } }],
  },
};

describe("a custom resource", () => {
  it("is made in the same up as its definition and its namespace, though nothing orders them", async () => {
    const stack = await engine.stack("definition", onCluster((options) => {
      new k8s.apiextensions.CustomResource("cell", { apiVersion: "test.mixcpt.io/v1", kind: "Cell", metadata: { name: "cell", namespace: "cells" }, spec: { steps: 3 } }, options);
      new k8s.core.v1.Namespace("cells", { metadata: { name: "cells" } }, options);
      new k8s.apiextensions.v1.CustomResourceDefinition("definition", definition, options);
    }));
    await stack.preview();
    await stack.up();
    expect(await live("/apis/test.mixcpt.io/v1/namespaces/cells/cells/cell")).toMatchObject({ spec: { steps: 3 } });
    expect((await stack.up()).summary.resourceChanges).toEqual({ same: 5 });
    expect((await stack.refresh()).summary.resourceChanges).toEqual({ same: 5 });
    await stack.destroy();
    expect((await api.call("GET", "/api/v1/namespaces/cells")).status).toBe(404);
  });
});

describe("an object with a finalizer", () => {
  it("is awaited when it is destroyed, and the error says what holds it", async () => {
    const held = onCluster((options) => {
      const metadata = { name: "held", namespace: "default", finalizers: ["test.mixcpt.io/held"] };
      new k8s.core.v1.ConfigMap("held", { metadata, data: {} }, { ...options, customTimeouts: { delete: "2s" } });
    });
    const stack = await engine.stack("held", held);
    await stack.up();
    expect(await failure(stack.destroy())).toMatch(/ConfigMap default\/held is still there 2 s after .* \["test.mixcpt.io\/held"\]/);
    await api.call("PATCH", inDefault("held"), { metadata: { finalizers: null } });
    await stack.destroy();
    expect((await api.call("GET", inDefault("held"))).status).toBe(404);
  });
});

describe("what the stand-in does not support", () => {
  it("is said by name, at preview", async () => {
    const stack = await engine.stack("unsupported", async () => {
      const provider = new k8s.Provider("cluster", { kubeconfig: api.kubeconfig, renderYamlToDirectory: "rendered" });
      configMap("never", {}, { provider });
    });
    expect(await failure(stack.preview())).toMatch(/does not support "renderYamlToDirectory"/);
  });

  it("patches are refused", async () => {
    const stack = await engine.stack("patch", onCluster((options) => void new k8s.core.v1.ConfigMapPatch("patch", { metadata: { name: "plain" } }, options)));
    expect(await failure(stack.preview())).toMatch(/kubernetes:core\/v1:ConfigMapPatch patches an object that others own/);
  });
});
