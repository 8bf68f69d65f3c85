import { withoutDescriptions } from "./descriptions.ts";

const schema = { description: "prose", properties: { description: { type: "string", description: "prose" } } };
const definition = (inner: unknown) => ({ kind: "CustomResourceDefinition", spec: { versions: [{ name: "v1", schema: inner }] } });

describe("manifests of the controllers", () => {
  it("lose the prose in the schemas of custom resources, and no property", () => {
    expect(withoutDescriptions(definition(schema))).toEqual(definition({ properties: { description: { type: "string" } } }));
  });

  it("are otherwise what the module ships", () => {
    const role = { kind: "ClusterRole", description: "kept" };
    expect(withoutDescriptions(role)).toBe(role);
  });
});
