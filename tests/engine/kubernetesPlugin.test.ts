/**
 * A real Pulumi engine, a real API server, the stand-in plugin between them. It proves what the plugin does to
 * objects and to state.
 *
 * @jest-environment ./tests/support/engineEnvironment.ts
 */
import type * as pulumi from "@pulumi/pulumi";
import * as k8s from "@pulumi/kubernetes";
import { createPulumiEngine } from "../support/pulumiEngine.ts";
import { captureFailure, startTestBed } from "../support/testBed.ts";
import type { TestBed } from "../support/testBed.ts";

jest.setTimeout(120_000);

let stage: TestBed;

beforeAll(async () => {
  stage = await startTestBed();
});

afterAll(() => stage?.close());

function declareConfigMap(
  name: string,
  data: Record<string, pulumi.Input<string>>,
  options: pulumi.CustomResourceOptions,
) {
  return new k8s.core.v1.ConfigMap(name, { metadata: { name, namespace: "default" }, data }, options);
}

function configMapPath(name: string) {
  return `/api/v1/namespaces/default/configmaps/${name}`;
}

describe("a ConfigMap", () => {
  const declare = (value: string) =>
    stage.declareOnCluster((options) => ({ uid: declareConfigMap("plain", { key: value }, options).metadata.uid }));

  it("is made, left alone by a second up, changed in place, and gone after destroy", async () => {
    const stack = await stage.engine.selectStack("config-map", declare("one"));
    const first = await stack.up();
    expect((await stage.fetchLiveObject(configMapPath("plain"))).data).toEqual({ key: "one" });
    expect(first.outputs["uid"]?.value).toBe((await stage.fetchLiveObject(configMapPath("plain"))).metadata["uid"]);

    const second = await stack.up();
    expect(second.summary.resourceChanges).toEqual({ same: 3 });

    stack.workspace.program = declare("two");
    const preview = await stack.preview({ diff: true });
    expect(preview.stdout).toMatch(/key\s*: "one" => "two"/);
    expect((await stack.up()).summary.resourceChanges).toEqual({ same: 2, update: 1 });
    expect((await stage.fetchLiveObject(configMapPath("plain"))).data).toEqual({ key: "two" });

    await stack.destroy();
    expect((await stage.api.call("GET", configMapPath("plain"))).status).toBe(404);
  });

  it("is made again when somebody deleted it", async () => {
    const stack = await stage.engine.selectStack(
      "deleted",
      stage.declareOnCluster((options) => void declareConfigMap("deleted", { key: "one" }, options)),
    );
    await stack.up();
    await stage.api.call("DELETE", configMapPath("deleted"));
    const refreshed = await stack.refresh();
    expect(refreshed.summary.resourceChanges).toMatchObject({ delete: 1 });
    expect((await stack.up()).summary.resourceChanges).toMatchObject({ create: 1 });
    expect((await stage.fetchLiveObject(configMapPath("deleted"))).data).toEqual({ key: "one" });
    await stack.destroy();
  });

  it("shows drift after a refresh, and loses a key that the program no longer has", async () => {
    const stack = await stage.engine.selectStack(
      "drift",
      stage.declareOnCluster((options) => void declareConfigMap("drift", { key: "one", gone: "soon" }, options)),
    );
    await stack.up();
    await stage.api.call("PATCH", `${configMapPath("drift")}?fieldManager=pulumi-kubernetes-test`, {
      data: { key: "changed" },
    });
    await stack.refresh();
    const drifted = stage.declareOnCluster((options) => {
      const metadata = { name: "drift", namespace: "default", annotations: { "pulumi.com/patchForce": "true" } };
      new k8s.core.v1.ConfigMap("drift", { metadata, data: { key: "one" } }, options);
    });
    stack.workspace.program = drifted;
    expect((await stack.preview({ diff: true })).stdout).toMatch(/key\s*: "changed" => "one"/);
    await stack.up();
    expect((await stage.fetchLiveObject(configMapPath("drift"))).data).toEqual({ key: "one" });
    await stack.destroy();
  });

  it("that somebody else made is not taken over without being told to", async () => {
    await stage.api.call("POST", "/api/v1/namespaces/default/configmaps", {
      metadata: { name: "foreign" },
      data: { key: "theirs" },
    });
    const stack = await stage.engine.selectStack(
      "foreign",
      stage.declareOnCluster((options) => void declareConfigMap("foreign", { key: "theirs" }, options)),
    );
    expect(await captureFailure(stack.up())).toMatch(/ConfigMap default\/foreign is already in the cluster .*import/);
    stack.workspace.program = stage.declareOnCluster(
      (options) => void declareConfigMap("foreign", { key: "theirs" }, { ...options, import: "default/foreign" }),
    );
    expect((await stack.up()).summary.resourceChanges).toMatchObject({ import: 1 });
    expect((await stack.up()).summary.resourceChanges).toEqual({ same: 3 });
    await stack.destroy();
  });

  it("that the same program made from another checkout is left to it, by up and by destroy", async () => {
    const program = stage.declareOnCluster((options) => void declareConfigMap("elsewhere", { key: "one" }, options));
    const there = await stage.engine.selectStack("elsewhere", program);
    await there.up();
    const checkout = await createPulumiEngine();
    const here = await checkout.selectStack("elsewhere", program);
    expect(await captureFailure(here.up())).toMatch(
      /ConfigMap default\/elsewhere is already in the cluster under another owner/,
    );
    await here.destroy();
    expect((await stage.fetchLiveObject(configMapPath("elsewhere"))).data).toEqual({ key: "one" });
    checkout.removeHome();
    expect((await there.up()).summary.resourceChanges).toEqual({ same: 3 });
    await there.destroy();
  });

  it("without a name is named after its resource", async () => {
    const stack = await stage.engine.selectStack(
      "autonamed",
      stage.declareOnCluster((options) => ({
        name: new k8s.core.v1.ConfigMap("settings", { data: { a: "1" } }, options).metadata.name,
      })),
    );
    const { outputs } = await stack.up();
    expect(outputs["name"]?.value).toMatch(/^settings-[0-9a-f]{8}$/);
    expect((await stack.up()).outputs["name"]?.value).toBe(outputs["name"]?.value);
    await stack.destroy();
  });

  it("that was renamed is replaced", async () => {
    const named = (name: string) =>
      stage.declareOnCluster(
        (options) => void new k8s.core.v1.ConfigMap("one", { metadata: { name }, data: { a: "1" } }, options),
      );
    const stack = await stage.engine.selectStack("renamed", named("before"));
    await stack.up();
    stack.workspace.program = named("after");
    expect((await stack.up()).summary.resourceChanges).toMatchObject({ replace: 1 });
    expect((await stage.api.call("GET", configMapPath("before"))).status).toBe(404);
    expect((await stage.api.call("GET", configMapPath("after"))).status).toBe(200);
    await stack.destroy();
  });
});

describe("a Secret", () => {
  it("stays secret in state and outputs, and loses a stringData key that the program no longer has", async () => {
    const declare = (stringData: Record<string, string>) =>
      stage.declareOnCluster((options) => {
        const secret = new k8s.core.v1.Secret(
          "token",
          { metadata: { name: "token", namespace: "default" }, stringData },
          options,
        );
        return { data: secret.data };
      });
    const stack = await stage.engine.selectStack("secret", declare({ token: "hunter2", old: "gone" }));
    const { outputs } = await stack.up();
    expect(outputs["data"]).toMatchObject({
      secret: true,
      value: { token: Buffer.from("hunter2").toString("base64") },
    });
    const state = stage.engine.readState("secret");
    expect(state).not.toContain("hunter2");
    expect(state).not.toContain(Buffer.from("hunter2").toString("base64"));
    expect((await stack.up()).summary.resourceChanges).toEqual({ same: 3 });
    stack.workspace.program = declare({ token: "hunter2" });
    await stack.up();
    expect(Object.keys((await stage.fetchLiveObject("/api/v1/namespaces/default/secrets/token")).data ?? {})).toEqual([
      "token",
    ]);
    expect((await stack.refresh()).summary.resourceChanges).toEqual({ same: 3 });
    await stack.destroy();
  });
});

const definition = {
  metadata: { name: "cells.test.mixcpt.io" },
  spec: {
    group: "test.mixcpt.io",
    scope: "Namespaced",
    names: { plural: "cells", singular: "cell", kind: "Cell" },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: "object", x_kubernetes_preserve_unknown_fields: true } },
      },
    ],
  },
};

describe("a custom resource", () => {
  it("is made in the same up as its definition and its namespace, though nothing orders them", async () => {
    const stack = await stage.engine.selectStack(
      "definition",
      stage.declareOnCluster((options) => {
        new k8s.apiextensions.CustomResource(
          "cell",
          {
            apiVersion: "test.mixcpt.io/v1",
            kind: "Cell",
            metadata: { name: "cell", namespace: "cells" },
            spec: { steps: 3 },
          },
          options,
        );
        new k8s.core.v1.Namespace("cells", { metadata: { name: "cells" } }, options);
        new k8s.apiextensions.v1.CustomResourceDefinition("definition", definition, options);
      }),
    );
    await stack.preview();
    await stack.up();
    expect(await stage.fetchLiveObject("/apis/test.mixcpt.io/v1/namespaces/cells/cells/cell")).toMatchObject({
      spec: { steps: 3 },
    });
    expect((await stack.up()).summary.resourceChanges).toEqual({ same: 5 });
    expect((await stack.refresh()).summary.resourceChanges).toEqual({ same: 5 });
    await stack.destroy();
    expect((await stage.api.call("GET", "/api/v1/namespaces/cells")).status).toBe(404);
  });
});

describe("an object with a finalizer", () => {
  it("is awaited when it is destroyed, and the error says what holds it", async () => {
    const held = stage.declareOnCluster((options) => {
      const metadata = { name: "held", namespace: "default", finalizers: ["test.mixcpt.io/held"] };
      new k8s.core.v1.ConfigMap("held", { metadata, data: {} }, { ...options, customTimeouts: { delete: "2s" } });
    });
    const stack = await stage.engine.selectStack("held", held);
    await stack.up();
    expect(await captureFailure(stack.destroy())).toMatch(
      /ConfigMap default\/held is still there 2 s after .* \["test.mixcpt.io\/held"\]/,
    );
    await stage.api.call("PATCH", configMapPath("held"), { metadata: { finalizers: null } });
    await stack.destroy();
    expect((await stage.api.call("GET", configMapPath("held"))).status).toBe(404);
  });
});

describe("what the stand-in does not support", () => {
  it("is said by name, at preview", async () => {
    const stack = await stage.engine.selectStack("unsupported", async () => {
      const provider = new k8s.Provider("cluster", {
        kubeconfig: stage.api.kubeconfig,
        renderYamlToDirectory: "rendered",
      });
      declareConfigMap("never", {}, { provider });
    });
    expect(await captureFailure(stack.preview())).toMatch(/does not support "renderYamlToDirectory"/);
  });

  it("patches are refused", async () => {
    const stack = await stage.engine.selectStack(
      "patch",
      stage.declareOnCluster(
        (options) => void new k8s.core.v1.ConfigMapPatch("patch", { metadata: { name: "plain" } }, options),
      ),
    );
    expect(await captureFailure(stack.preview())).toMatch(
      /kubernetes:core\/v1:ConfigMapPatch patches an object that others own/,
    );
  });
});
