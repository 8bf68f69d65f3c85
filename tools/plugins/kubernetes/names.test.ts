import { fieldManagerOf, withName } from "./names.ts";

const naming = { name: "settings", seed: Buffer.from("seed"), proposedName: undefined };

describe("an object without a name", () => {
  it("is named after its resource, the same for the same seed", () => {
    const named = withName({}, undefined, naming);
    expect(named).toEqual(withName({}, undefined, naming));
    expect(named).not.toEqual(withName({}, undefined, { ...naming, seed: Buffer.from("other") }));
    expect(JSON.stringify(named)).toMatch(/"name":"settings-[0-9a-f]{8}"/);
  });

  it("keeps the name that it got before, and takes the engine's proposal first", () => {
    const before = withName({}, undefined, { ...naming, proposedName: "chosen" });
    expect(before).toMatchObject({ metadata: { name: "chosen" } });
    expect(withName({}, before, naming)).toEqual(before);
  });

  it("does not take over a name that the program gave once", () => {
    expect(JSON.stringify(withName({}, { metadata: { name: "by-hand" } }, naming))).not.toContain("by-hand");
  });
});

it("a name of the program's own stays", () => {
  const object = { metadata: { name: "mine" } };
  expect(withName(object, undefined, naming)).toBe(object);
});

it("the field manager is the resource's own and survives a changed URN", () => {
  const manager = fieldManagerOf("urn:a", {});
  expect(manager).toMatch(/^pulumi-kubernetes-[0-9a-f]{8}$/);
  expect(fieldManagerOf("urn:b", {})).not.toBe(manager);
  expect(fieldManagerOf("urn:b", {}, { __fieldManager: manager })).toBe(manager);
});
