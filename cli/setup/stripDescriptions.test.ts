import { stripDescriptions } from "./stripDescriptions.ts";

const schema = { description: "prose", properties: { description: { type: "string", description: "prose" } } };

function buildDefinitionObject(inner: unknown) {
  return { kind: "CustomResourceDefinition", spec: { versions: [{ name: "v1", schema: inner }] } };
}

describe("manifests of the controllers", () => {
  it("lose the prose in the schemas of custom resources, and no property", () => {
    expect(stripDescriptions(buildDefinitionObject(schema))).toEqual(
      buildDefinitionObject({ properties: { description: { type: "string" } } }),
    );
  });

  it("are otherwise what the module ships", () => {
    const role = { kind: "ClusterRole", description: "kept" };
    expect(stripDescriptions(role)).toBe(role);
  });
});
