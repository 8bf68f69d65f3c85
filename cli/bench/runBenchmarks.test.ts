import { existsSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import { checkoutDirectory } from "../../workspace/environment.ts";
import { readToolchain } from "../../workspace/toolchain.ts";
import { runWithExitCode } from "../terminal/runWithExitCode.ts";
import { benchmarks, runBenchmarks } from "./runBenchmarks.ts";

jest.mock("execa", () => ({}));
jest.mock("../terminal/runWithExitCode.ts", () => ({ runWithExitCode: jest.fn().mockResolvedValue(0) }));
jest.mock("../../workspace/toolchain.ts", () => ({ readToolchain: jest.fn(), requireNodeSoftware: jest.fn() }));

beforeEach(() => jest.clearAllMocks());

function missToolchain(): never {
  throw new Error("run ./mixcpt setup first");
}

describe("the benchmarks", () => {
  it("are all run, each with a program that exists, although one fails", async () => {
    jest.mocked(runWithExitCode).mockResolvedValueOnce(1);
    expect(await runBenchmarks(benchmarks)).toBe(1);
    const programs = jest.mocked(runWithExitCode).mock.calls.map(([, args]) => args.at(-1) ?? "");
    expect(programs).toHaveLength(benchmarks.length);
    expect(programs.filter((program) => !existsSync(program))).toEqual([]);
  });

  it("are refused before the first one where a variable is wrong", async () => {
    jest.replaceProperty(process, "env", { MIXCPT_BENCH_CELLS: "36,x", MIXCPT_BENCH_MINUTES: "x" });
    await expect(runBenchmarks(benchmarks)).rejects.toThrow(/^bench: MIXCPT_BENCH_CELLS = "36,x" .*; MIXCPT_BENCH_MIN/);
    jest.restoreAllMocks();
    expect(runWithExitCode).not.toHaveBeenCalled();
  });

  it("are refused without the toolchain if they start an API server", async () => {
    jest.mocked(readToolchain).mockImplementation(missToolchain);
    await expect(runBenchmarks(benchmarks)).rejects.toThrow("run ./mixcpt setup first");
    expect(runWithExitCode).not.toHaveBeenCalled();
    await runBenchmarks(benchmarks.filter(({ name }) => name === "goodput"));
    expect(runWithExitCode).toHaveBeenCalledTimes(1);
  });

  it("are all those of tests/bench", () => {
    const files = readdirSync(resolve(checkoutDirectory, "tests/bench")).filter((file) =>
      file.endsWith("Benchmark.ts"),
    );
    expect(benchmarks.map(({ program }) => program).sort()).toEqual(files.sort());
  });
});
