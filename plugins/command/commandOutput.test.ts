import { OutputCollector, requireExitSuccess } from "./commandOutput.ts";

const all = { stdout: true, stderr: true };

it("hands on whole lines, however they arrive, and keeps the output as it was printed", () => {
  const lines: string[] = [];
  const collected = new OutputCollector(all, (line) => lines.push(line));
  for (const chunk of ["on", "e\ntw", "o"]) collected.addChunk("stdout", Buffer.from(chunk));
  expect(lines).toEqual(["one"]);
  expect(collected.finishOutput()).toEqual({ stdout: "one\ntwo", stderr: "" });
  expect(lines).toEqual(["one", "two"]);
});

it("a character cut by a packet's end is whole in the output and in the line that is handed on", () => {
  const lines: string[] = [];
  const collected = new OutputCollector(all, (line) => lines.push(line));
  const bytes = Buffer.from("ä");
  collected.addChunk("stdout", bytes.subarray(0, 1));
  collected.addChunk("stdout", bytes.subarray(1));
  expect(collected.finishOutput().stdout).toBe("ä");
  expect(lines).toEqual(["ä"]);
});

it("a failure says how the command ended and shows its last lines only", () => {
  const collected = new OutputCollector(all, () => undefined);
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
