import { OutputCollector, requireExitSuccess } from "./commandOutput.ts";

const bothStreams = { stdout: true, stderr: true };

it("passes complete lines on however they arrive and keeps the output unchanged", () => {
  const lines: string[] = [];
  const collected = new OutputCollector(bothStreams, (line) => lines.push(line));
  for (const chunk of ["on", "e\ntw", "o"]) collected.addChunk("stdout", Buffer.from(chunk));
  expect(lines).toEqual(["one"]);
  expect(collected.finishOutput()).toEqual({ stdout: "one\ntwo", stderr: "" });
  expect(lines).toEqual(["one", "two"]);
});

it("restores a character that is split between two packets", () => {
  const lines: string[] = [];
  const collected = new OutputCollector(bothStreams, (line) => lines.push(line));
  const bytes = Buffer.from("ä");
  collected.addChunk("stdout", bytes.subarray(0, 1));
  collected.addChunk("stdout", bytes.subarray(1));
  expect(collected.finishOutput().stdout).toBe("ä");
  expect(lines).toEqual(["ä"]);
});

it("reports the exit code and only the last lines of a failed command", () => {
  const collected = new OutputCollector(bothStreams, () => undefined);
  for (let index = 0; index < 500; index += 1) collected.addChunk("stderr", Buffer.from(`line ${index}\n`));
  const message = (() => {
    try {
      return JSON.stringify(requireExitSuccess("on node-1", { code: 7, signal: null, collected }));
    } catch (error) {
      return String(error);
    }
  })();
  expect(message).toMatch(/the command on node-1 failed with exit code 7; its last lines:\n/);
  expect(message).toContain("line 499");
  expect(message).not.toContain("line 400\n");
});
