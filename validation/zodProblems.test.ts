import { z } from "zod";
import { translateIssues } from "./zodProblems.ts";

describe("a number outside of its limits", () => {
  const schema = z.strictObject({
    rate: z.number().gt(0).max(100).exactOptional(),
    share: z.number().gt(0).lt(1).exactOptional(),
    count: z.number().min(1).exactOptional(),
  });

  it.each([
    [{ rate: 0 }, "must be above 0"],
    [{ rate: 101 }, "must be at most 100"],
    [{ share: 1 }, "must be below 1"],
    [{ count: 0 }, "must be at least 1"],
  ])("%j is refused with the limit, and with whether it is allowed itself", (input, message) => {
    const issues = schema.safeParse(input).error?.issues ?? [];
    expect(translateIssues(issues, { input, listAllowedKeys: () => [] }).map((problem) => problem.message)).toEqual([
      message,
    ]);
  });
});

it("a map in place of a word has each of its own problems reported", () => {
  const schema = z.strictObject({
    tracker: z.union([z.literal("tensorboard"), z.strictObject({ mlflow: z.strictObject({ secret: z.string() }) })]),
  });
  const input = { tracker: { mlflow: { secret: 5 }, host: "a" } };
  const issues = schema.safeParse(input).error?.issues ?? [];
  const problems = translateIssues(issues, { input, listAllowedKeys: () => ["mlflow"] });
  expect(problems.map(({ path, rule }) => `${path} ${rule}`).sort()).toEqual([
    "tracker.host unknown-key",
    "tracker.mlflow.secret wrong-type",
  ]);
});
