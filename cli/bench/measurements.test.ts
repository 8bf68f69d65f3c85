import { resolve } from "node:path";
import { callerDirectory, checkoutDirectory } from "../../workspace/environment.ts";
import { runWithExitCode } from "../terminal/runWithExitCode.ts";
import { measureEvaluation } from "./measurements.ts";

jest.mock("execa", () => ({}));
jest.mock("../terminal/runWithExitCode.ts", () => ({ runWithExitCode: jest.fn().mockResolvedValue(0) }));
jest.mock("../../workspace/environment.ts", () => ({
  ...jest.requireActual<object>("../../workspace/environment.ts"),
  callerDirectory: "/home/ada",
}));

describe("bench evaluate --python", () => {
  it.each([
    ["venv/bin/python", "/home/ada/venv/bin/python"],
    ["/opt/python", "/opt/python"],
    ["python3", "python3"],
  ])("runs %s in the caller's folder, where relative paths start", async (python, program) => {
    expect(await measureEvaluation({ device: "cpu", python, rest: ["--out", "here.json"] })).toBe(0);
    expect(runWithExitCode).toHaveBeenLastCalledWith(
      program,
      ["-m", "mixcpt_evaluate.bench", "--device", "cpu", "--out", "here.json"],
      {
        cwd: callerDirectory,
        env: { PYTHONPATH: expect.stringContaining(resolve(checkoutDirectory, "images/base")) as string },
      },
    );
  });
});
