import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { checkoutDirectory } from "../../workspace/environment.ts";
import { harnessVersion } from "../../jobs/evaluate/harnessQuestion.ts";

describe("the version of lm-evaluation-harness", () => {
  it.each(["requirements", "requirements-rocm"])("is that of the image with %s", (name) => {
    const text = readFileSync(resolve(checkoutDirectory, `images/evaluate/${name}.in`), "utf8");
    expect(/^lm_eval==(\S+)$/m.exec(text)?.[1]).toBe(harnessVersion);
  });
});
