/**
 * A real Pulumi engine, a real API server and the stand-in plugin between them: its effects on objects and state.
 *
 * @jest-environment ./tests/support/engineEnvironment.ts
 */
import type * as pulumi from "@pulumi/pulumi";
import * as k8s from "@pulumi/kubernetes";
import { createPulumiEngine } from "../support/pulumiEngine.ts";
import { captureFailure, useTestBed } from "../support/testBed.ts";

const testBed = useTestBed();

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
  const buildProgram = (value: string) =>
    testBed.declareOnCluster((options) => ({ uid: declareConfigMap("plain", { key: value }, options).metadata.uid }));

  it("is created, left unchanged by a second up, changed in place and deleted by destroy", async () => {
    const stack = await testBed.engine.selectStack("config-map", buildProgram("one"));
    const first = await stack.up();
    expect((await testBed.fetchLiveObject(configMapPath("plain"))).data).toEqual({ key: "one" });
    expect(first.outputs["uid"]?.value).toBe((await testBed.fetchLiveObject(configMapPath("plain"))).metadata["uid"]);

    const second = await stack.up();
    expect(second.summary.resourceChanges).toEqual({ same: 3 });

    stack.workspace.program = buildProgram("two");
    const preview = await stack.preview({ diff: true });
    expect(preview.stdout).toMatch(/key\s*: "one" => "two"/);
    expect((await stack.up()).summary.resourceChanges).toEqual({ same: 2, update: 1 });
    expect((await testBed.fetchLiveObject(configMapPath("plain"))).data).toEqual({ key: "two" });

    await stack.destroy();
    expect((await testBed.api.call("GET", configMapPath("plain"))).status).toBe(404);
  });

  it("is created again after someone deleted it", async () => {
    const stack = await testBed.engine.selectStack(
      "deleted",
      testBed.declareOnCluster((options) => void declareConfigMap("deleted", { key: "one" }, options)),
    );
    await stack.up();
    await testBed.api.call("DELETE", configMapPath("deleted"));
    const refreshed = await stack.refresh();
    expect(refreshed.summary.resourceChanges).toMatchObject({ delete: 1 });
    expect((await stack.up()).summary.resourceChanges).toMatchObject({ create: 1 });
    expect((await testBed.fetchLiveObject(configMapPath("deleted"))).data).toEqual({ key: "one" });
    await stack.destroy();
  });

  it("shows drift after a refresh and loses a key that the program no longer contains", async () => {
    const stack = await testBed.engine.selectStack(
      "drift",
      testBed.declareOnCluster((options) => void declareConfigMap("drift", { key: "one", gone: "soon" }, options)),
    );
    await stack.up();
    await testBed.api.call("PATCH", `${configMapPath("drift")}?fieldManager=pulumi-kubernetes-test`, {
      data: { key: "changed" },
    });
    await stack.refresh();
    const withoutKey = testBed.declareOnCluster((options) => {
      const metadata = { name: "drift", namespace: "default", annotations: { "pulumi.com/patchForce": "true" } };
      new k8s.core.v1.ConfigMap("drift", { metadata, data: { key: "one" } }, options);
    });
    stack.workspace.program = withoutKey;
    expect((await stack.preview({ diff: true })).stdout).toMatch(/key\s*: "changed" => "one"/);
    await stack.up();
    expect((await testBed.fetchLiveObject(configMapPath("drift"))).data).toEqual({ key: "one" });
    await stack.destroy();
  });

  it("of someone else is taken over only by import", async () => {
    await testBed.api.call("POST", "/api/v1/namespaces/default/configmaps", {
      metadata: { name: "foreign" },
      data: { key: "theirs" },
    });
    const stack = await testBed.engine.selectStack(
      "foreign",
      testBed.declareOnCluster((options) => void declareConfigMap("foreign", { key: "theirs" }, options)),
    );
    expect(await captureFailure(stack.up())).toMatch(/ConfigMap default\/foreign is already in the cluster .*import/);
    stack.workspace.program = testBed.declareOnCluster(
      (options) => void declareConfigMap("foreign", { key: "theirs" }, { ...options, import: "default/foreign" }),
    );
    expect((await stack.up()).summary.resourceChanges).toMatchObject({ import: 1 });
    expect((await stack.up()).summary.resourceChanges).toEqual({ same: 3 });
    await stack.destroy();
  });

  it("of the same program in another checkout is left unchanged by up and destroy", async () => {
    const program = testBed.declareOnCluster((options) => void declareConfigMap("elsewhere", { key: "one" }, options));
    const otherStack = await testBed.engine.selectStack("elsewhere", program);
    await otherStack.up();
    const thisEngine = await createPulumiEngine();
    const thisStack = await thisEngine.selectStack("elsewhere", program);
    expect(await captureFailure(thisStack.up())).toMatch(
      /ConfigMap default\/elsewhere is already in the cluster under another owner/,
    );
    await thisStack.destroy();
    expect((await testBed.fetchLiveObject(configMapPath("elsewhere"))).data).toEqual({ key: "one" });
    thisEngine.removeHome();
    expect((await otherStack.up()).summary.resourceChanges).toEqual({ same: 3 });
    await otherStack.destroy();
  });

  it("without a name is named after its resource", async () => {
    const stack = await testBed.engine.selectStack(
      "autonamed",
      testBed.declareOnCluster((options) => ({
        name: new k8s.core.v1.ConfigMap("settings", { data: { a: "1" } }, options).metadata.name,
      })),
    );
    const { outputs } = await stack.up();
    expect(outputs["name"]?.value).toMatch(/^settings-[0-9a-f]{8}$/);
    expect((await stack.up()).outputs["name"]?.value).toBe(outputs["name"]?.value);
    await stack.destroy();
  });

  it("is replaced when its name changes", async () => {
    const buildProgram = (name: string) =>
      testBed.declareOnCluster(
        (options) => void new k8s.core.v1.ConfigMap("one", { metadata: { name }, data: { a: "1" } }, options),
      );
    const stack = await testBed.engine.selectStack("renamed", buildProgram("before"));
    await stack.up();
    stack.workspace.program = buildProgram("after");
    expect((await stack.up()).summary.resourceChanges).toMatchObject({ replace: 1 });
    expect((await testBed.api.call("GET", configMapPath("before"))).status).toBe(404);
    expect((await testBed.api.call("GET", configMapPath("after"))).status).toBe(200);
    await stack.destroy();
  });
});

describe("a Secret", () => {
  it("stays secret in state and outputs and loses a stringData key that the program no longer contains", async () => {
    const buildProgram = (stringData: Record<string, string>) =>
      testBed.declareOnCluster((options) => {
        const secret = new k8s.core.v1.Secret(
          "token",
          { metadata: { name: "token", namespace: "default" }, stringData },
          options,
        );
        return { data: secret.data };
      });
    const stack = await testBed.engine.selectStack("secret", buildProgram({ token: "hunter2", old: "gone" }));
    const { outputs } = await stack.up();
    expect(outputs["data"]).toMatchObject({
      secret: true,
      value: { token: Buffer.from("hunter2").toString("base64") },
    });
    const state = testBed.engine.readState("secret");
    expect(state).not.toContain("hunter2");
    expect(state).not.toContain(Buffer.from("hunter2").toString("base64"));
    expect((await stack.up()).summary.resourceChanges).toEqual({ same: 3 });
    stack.workspace.program = buildProgram({ token: "hunter2" });
    await stack.up();
    expect(Object.keys((await testBed.fetchLiveObject("/api/v1/namespaces/default/secrets/token")).data ?? {})).toEqual(
      ["token"],
    );
    expect((await stack.refresh()).summary.resourceChanges).toEqual({ same: 3 });
    await stack.destroy();
  });
});

describe("an object with a finalizer", () => {
  it("is awaited on deletion, and the error names the finalizers", async () => {
    const program = testBed.declareOnCluster((options) => {
      const metadata = { name: "held", namespace: "default", finalizers: ["test.mixcpt.io/held"] };
      new k8s.core.v1.ConfigMap("held", { metadata, data: {} }, { ...options, customTimeouts: { delete: "2s" } });
    });
    const stack = await testBed.engine.selectStack("held", program);
    await stack.up();
    expect(await captureFailure(stack.destroy())).toMatch(
      /ConfigMap default\/held still exists 2 s after .* \["test.mixcpt.io\/held"\]/,
    );
    await testBed.api.call("PATCH", configMapPath("held"), { metadata: { finalizers: null } });
    await stack.destroy();
    expect((await testBed.api.call("GET", configMapPath("held"))).status).toBe(404);
  });
});

describe("an unsupported feature", () => {
  it("is named by the preview", async () => {
    const stack = await testBed.engine.selectStack("unsupported", async () => {
      const provider = new k8s.Provider("cluster", {
        kubeconfig: testBed.api.kubeconfig,
        renderYamlToDirectory: "rendered",
      });
      declareConfigMap("never", {}, { provider });
    });
    expect(await captureFailure(stack.preview())).toMatch(/does not support "renderYamlToDirectory"/);
  });

  it("is rejected: patches", async () => {
    const stack = await testBed.engine.selectStack(
      "patch",
      testBed.declareOnCluster(
        (options) => void new k8s.core.v1.ConfigMapPatch("patch", { metadata: { name: "plain" } }, options),
      ),
    );
    expect(await captureFailure(stack.preview())).toMatch(
      /kubernetes:core\/v1:ConfigMapPatch patches an object that others own/,
    );
  });
});
