import { buildBenchCommand } from "./benchCommand.ts";

jest.mock("execa", () => ({}));

it("names the benchmarks where there is none of a name, and the nearest one", async () => {
  const command = buildBenchCommand().exitOverride();
  command.configureOutput({ writeErr: () => undefined });
  await expect(command.parseAsync(["gooput"], { from: "user" })).rejects.toThrow(
    'there is no such benchmark; allowed: plan, up, admission, watch, goodput, evaluate; did you mean "goodput"?',
  );
});
