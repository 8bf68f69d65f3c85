/**
 * A custom resource by the stand-in plugin, with a real Pulumi engine and a real API server.
 *
 * @jest-environment ./tests/support/engineEnvironment.ts
 */
import * as k8s from "@pulumi/kubernetes";
import { useTestBed } from "../support/testBed.ts";

const testBed = useTestBed();

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
  it("is created in the same up as its definition and its namespace, without declared dependencies", async () => {
    const stack = await testBed.engine.selectStack(
      "definition",
      testBed.declareOnCluster((options) => {
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
    expect(await testBed.fetchLiveObject("/apis/test.mixcpt.io/v1/namespaces/cells/cells/cell")).toMatchObject({
      spec: { steps: 3 },
    });
    expect((await stack.up()).summary.resourceChanges).toEqual({ same: 5 });
    expect((await stack.refresh()).summary.resourceChanges).toEqual({ same: 5 });
    await stack.destroy();
    expect((await testBed.api.call("GET", "/api/v1/namespaces/cells")).status).toBe(404);
  });

  it("is recorded with what the server keeps as inputs alone, and the program reads it all the same", async () => {
    const declare = (steps: number) =>
      testBed.declareOnCluster((options) => {
        new k8s.apiextensions.v1.CustomResourceDefinition("definition", definition, options);
        const metadata = { name: "recorded", namespace: "default" };
        const args = { apiVersion: "test.mixcpt.io/v1", kind: "Cell", metadata, spec: { steps, note: "once" } };
        const cell = new k8s.apiextensions.CustomResource("recorded", args, options);
        return { uid: cell.metadata.uid, name: cell.metadata.name };
      });
    const stack = await testBed.engine.selectStack("recorded", declare(3));
    const { outputs } = await stack.up();
    const path = "/apis/test.mixcpt.io/v1/namespaces/default/cells/recorded";
    const { metadata } = await testBed.fetchLiveObject(path);
    expect(outputs).toMatchObject({ uid: { value: metadata["uid"] }, name: { value: "recorded" } });
    expect(testBed.engine.readState("recorded").match(/"once"/g)).toHaveLength(1);
    expect((await stack.refresh()).summary.resourceChanges).toEqual({ same: 4 });
    const changed = await testBed.engine.selectStack("recorded", declare(4));
    expect((await changed.up()).summary.resourceChanges).toEqual({ same: 3, update: 1 });
    expect(await testBed.fetchLiveObject(path)).toMatchObject({ spec: { steps: 4, note: "once" } });
    await changed.destroy();
    expect((await testBed.api.call("GET", path)).status).toBe(404);
  });
});
