import { hasUnknown, unwrapSecrets, wrapSecrets } from "./propertyValues.ts";

function buildSecret(value: string) {
  return { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value };
}

describe("secret values", () => {
  it("are unwrapped with their paths and wrapped again at the same paths", () => {
    const wire = { plain: 1, list: [{ key: buildSecret("a") }, buildSecret("b")] };
    const { value, secrets } = unwrapSecrets(wire);
    expect(value).toEqual({ plain: 1, list: [{ key: "a" }, "b"] });
    expect(secrets).toEqual([
      ["list", 0, "key"],
      ["list", 1],
    ]);
    expect(wrapSecrets({ value, secrets })).toEqual(wire);
  });

  it("inside another secret get no second wrapper", () => {
    expect(wrapSecrets({ value: { data: { token: "a" } }, secrets: [["data"], ["data", "token"]] })).toEqual({
      data: { ...buildSecret(""), value: { token: "a" } },
    });
  });

  it("whose path no longer exists are left out", () => {
    expect(wrapSecrets({ value: { a: 1 }, secrets: [["b"], ["a", "c"]] })).toEqual({ a: 1 });
  });
});

it("finds an unknown value at any depth", () => {
  expect(hasUnknown({ spec: [{ image: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" }] })).toBe(true);
  expect(hasUnknown({ spec: [{ image: "04da6b54" }] })).toBe(false);
});
