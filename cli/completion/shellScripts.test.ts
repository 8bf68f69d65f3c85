import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { completedShells, getShellScript } from "./shellScripts.ts";

const folder = mkdtempSync(join(tmpdir(), "mixcpt-completion-"));
afterAll(() => rmSync(folder, { recursive: true }));

it("bash asks the command that is being typed, with its words, and offers each line of the answer", () => {
  writeFileSync(join(folder, "mixcpt"), '#!/bin/sh\nprintf "%s\\n" "$@"\n');
  chmodSync(join(folder, "mixcpt"), 0o755);
  const script = `${getShellScript("bash")}
    COMP_WORDS=(./mixcpt up --all "") COMP_CWORD=3
    _mixcpt
    printf '%s|' "\${COMPREPLY[@]}"`;
  const { stdout } = spawnSync("bash", ["-c", script], { cwd: folder, encoding: "utf8" });
  expect(stdout).toBe("complete|--|up|--all|");
});

it.each(completedShells)("the script for %s says where it belongs", (shell) => {
  expect(getShellScript(shell)).toContain(`mixcpt completion ${shell}`);
});
