import { chooseFieldManager, ensureName } from "./objectMetadata.ts";

const naming = { name: "settings", seed: Buffer.from("seed"), proposedName: undefined };

describe("an object without a name", () => {
  it("is named after its resource and a seed", () => {
    const named = ensureName({}, undefined, naming);
    expect(named).toEqual(ensureName({}, undefined, naming));
    expect(named).not.toEqual(ensureName({}, undefined, { ...naming, seed: Buffer.from("other") }));
    expect(JSON.stringify(named)).toMatch(/"name":"settings-[0-9a-f]{8}"/);
  });

  it("takes the engine's proposal and keeps it", () => {
    const old = ensureName({}, undefined, { ...naming, proposedName: "proposed" });
    expect(old).toMatchObject({ metadata: { name: "proposed" } });
    expect(ensureName({}, old, naming)).toEqual(old);
  });

  it("does not keep a name that the program used to set", () => {
    expect(JSON.stringify(ensureName({}, { metadata: { name: "by-hand" } }, naming))).not.toContain("by-hand");
  });
});

it("keeps a name that the program sets", () => {
  const object = { metadata: { name: "mine" } };
  expect(ensureName(object, undefined, naming)).toBe(object);
});

describe("the field manager", () => {
  const manager = chooseFieldManager({ urn: "urn:a", provider: "5f0c" }, {});

  it("is unique to the resource and the same in every up", () => {
    expect(manager).toMatch(/^pulumi-kubernetes-[0-9a-f]{8}$/);
    expect(chooseFieldManager({ urn: "urn:a", provider: "5f0c" }, {})).toBe(manager);
    expect(chooseFieldManager({ urn: "urn:b", provider: "5f0c" }, {})).not.toBe(manager);
  });

  it("differs in another checkout, where the same program has another state", () => {
    expect(chooseFieldManager({ urn: "urn:a", provider: "91e2" }, {})).not.toBe(manager);
  });

  it("stays the same when the URN or the provider changes", () => {
    expect(chooseFieldManager({ urn: "urn:b", provider: "91e2" }, {}, { __fieldManager: manager })).toBe(manager);
  });
});
