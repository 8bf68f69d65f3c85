import { spawnSync } from "node:child_process";
import { addEnvironmentChecks } from "./remoteCommand.ts";

function runCheckedShell(env: Record<string, string>) {
  return spawnSync("/bin/sh", ["-c", addEnvironmentChecks('echo "$A$B"', ["A", "B"])], { env, encoding: "utf8" });
}

it("runs a command when all of its variables arrived, including empty ones", () => {
  expect(runCheckedShell({ A: "a", B: "" }).stdout).toBe("a\n");
});

it("refuses to run a command with a missing variable and names it", () => {
  const { status, stdout, stderr } = runCheckedShell({ A: "a" });
  expect([status, stdout]).toEqual([78, ""]);
  expect(stderr).toMatch(/did not accept B/);
});
