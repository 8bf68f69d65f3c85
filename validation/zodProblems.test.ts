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
