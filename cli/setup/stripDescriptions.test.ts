import { stripDescriptions } from "./stripDescriptions.ts";

const schema = { description: "prose", properties: { description: { type: "string", description: "prose" } } };

function buildDefinitionObject(inner: unknown) {
  return { kind: "CustomResourceDefinition", spec: { versions: [{ name: "v1", schema: inner }] } };
}

describe("manifests of the controllers", () => {
  it("lose the descriptions in the schemas of custom resources, but no property", () => {
    expect(stripDescriptions(buildDefinitionObject(schema))).toEqual(
      buildDefinitionObject({ properties: { description: { type: "string" } } }),
    );
  });

  it("are otherwise unchanged", () => {
    const role = { kind: "ClusterRole", description: "kept" };
    expect(stripDescriptions(role)).toBe(role);
  });
});
