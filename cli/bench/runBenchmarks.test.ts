import { existsSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import { checkoutDirectory } from "../../workspace/environment.ts";
import { runWithExitCode } from "../terminal/runWithExitCode.ts";
import { benchmarks, runBenchmarks } from "./runBenchmarks.ts";

jest.mock("execa", () => ({}));
jest.mock("../terminal/runWithExitCode.ts", () => ({ runWithExitCode: jest.fn().mockResolvedValue(0) }));

describe("the benchmarks", () => {
  it("are all run, each with a program that exists, although one fails", async () => {
    jest.mocked(runWithExitCode).mockResolvedValueOnce(1);
    expect(await runBenchmarks(benchmarks)).toBe(1);
    const programs = jest.mocked(runWithExitCode).mock.calls.map(([, args]) => args.at(-1) ?? "");
    expect(programs).toHaveLength(benchmarks.length);
    expect(programs.filter((program) => !existsSync(program))).toEqual([]);
  });

  it("are all those of tests/bench", () => {
    const files = readdirSync(resolve(checkoutDirectory, "tests/bench")).filter((file) =>
      file.endsWith("Benchmark.ts"),
    );
    expect(benchmarks.map(({ program }) => program).sort()).toEqual(files.sort());
  });
});
