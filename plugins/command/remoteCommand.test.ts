import { spawnSync } from "node:child_process";
import { addEnvironmentChecks } from "./remoteCommand.ts";

function runCheckedShell(env: Record<string, string>) {
  return spawnSync("/bin/sh", ["-c", addEnvironmentChecks('echo "$A$B"', ["A", "B"])], { env, encoding: "utf8" });
}

it("a command runs when all of its variables arrived, empty ones included", () => {
  expect(runCheckedShell({ A: "a", B: "" }).stdout).toBe("a\n");
});

it("a command does not run when one is missing, and says which", () => {
  const { status, stdout, stderr } = runCheckedShell({ A: "a" });
  expect([status, stdout]).toEqual([78, ""]);
  expect(stderr).toMatch(/did not accept B/);
});
