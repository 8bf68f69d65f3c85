import { chooseFieldManager, ensureName } from "./objectMetadata.ts";

const naming = { name: "settings", seed: Buffer.from("seed"), proposedName: undefined };

describe("an object without a name", () => {
  it("is named after its resource, the same for the same seed", () => {
    const named = ensureName({}, undefined, naming);
    expect(named).toEqual(ensureName({}, undefined, naming));
    expect(named).not.toEqual(ensureName({}, undefined, { ...naming, seed: Buffer.from("other") }));
    expect(JSON.stringify(named)).toMatch(/"name":"settings-[0-9a-f]{8}"/);
  });

  it("keeps the name that it got before, and takes the engine's proposal first", () => {
    const before = ensureName({}, undefined, { ...naming, proposedName: "chosen" });
    expect(before).toMatchObject({ metadata: { name: "chosen" } });
    expect(ensureName({}, before, naming)).toEqual(before);
  });

  it("does not take over a name that the program gave once", () => {
    expect(JSON.stringify(ensureName({}, { metadata: { name: "by-hand" } }, naming))).not.toContain("by-hand");
  });
});

it("a name of the program's own stays", () => {
  const object = { metadata: { name: "mine" } };
  expect(ensureName(object, undefined, naming)).toBe(object);
});

describe("the field manager", () => {
  const manager = chooseFieldManager({ urn: "urn:a", provider: "5f0c" }, {});

  it("is the resource's own, and the same for every up", () => {
    expect(manager).toMatch(/^pulumi-kubernetes-[0-9a-f]{8}$/);
    expect(chooseFieldManager({ urn: "urn:a", provider: "5f0c" }, {})).toBe(manager);
    expect(chooseFieldManager({ urn: "urn:b", provider: "5f0c" }, {})).not.toBe(manager);
  });

  it("is another one in another checkout, where the same program has a state of its own", () => {
    expect(chooseFieldManager({ urn: "urn:a", provider: "91e2" }, {})).not.toBe(manager);
  });

  it("stays as recorded when the URN or the provider changes", () => {
    expect(chooseFieldManager({ urn: "urn:b", provider: "91e2" }, {}, { __fieldManager: manager })).toBe(manager);
  });
});
