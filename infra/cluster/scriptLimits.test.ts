import { globSync, readFileSync } from "node:fs";
import { basename } from "node:path";

const scripts = globSync(["infra/cluster/scripts/*.sh", "infra/cluster/**/usr/local/sbin/*", "infra/local-hosts/*.sh"]);

/** Limits in seconds of single answers, as FILE: SECONDS. */
function listLimits(): { file: string; seconds: number }[] {
  return scripts.flatMap((path) =>
    [...readFileSync(path, "utf8").matchAll(/(?:\btimeout |-timeout[= ]|^ConnectTimeout )(\d+)/gm)].map(
      ([, seconds]) => ({ file: basename(path), seconds: Number(seconds) }),
    ),
  );
}

it("no script takes an answer that a loaded machine gives late for none", () => {
  const limits = listLimits();
  expect(limits.length).toBeGreaterThan(10);
  // The shared connection of a busy line gets no further sessions, and goes on.
  expect(limits.filter(({ seconds }) => seconds < 10)).toEqual([{ file: "ssh-login.sh", seconds: 6 }]);
});
