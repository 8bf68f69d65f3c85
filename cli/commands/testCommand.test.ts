import { buildTestCommand, selectParts } from "./testCommand.ts";

jest.mock("execa", () => ({}));
jest.mock("log-update", () => ({}));

describe("the parts of the tests", () => {
  it("are all but the long ones if none is named, and in their order if several are", () => {
    expect(selectParts([]).map(({ name }) => name)).not.toContain("chaos");
    expect(selectParts(["chaos", "types"]).map(({ name }) => name)).toEqual(["types", "chaos"]);
  });

  it("are refused as options, with what to type", async () => {
    await expect(buildTestCommand().parseAsync(["--chaos", "racks"], { from: "user" })).rejects.toThrow(
      "test: unknown option --chaos; parts have no dashes: ./mixcpt test chaos racks",
    );
  });

  it("are refused if unknown, with those that exist", () => {
    expect(() => selectParts(["chaoss"])).toThrow(/^test: unknown part chaoss; the parts are: types, .*chaos/);
  });
});
