/** The patience of ssh-login.sh, whose function runs with a stub in place of the connection. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

const text = readFileSync("infra/cluster/scripts/ssh-login.sh", "utf8");
const awaitLogin = /^await_login\(\) \{.*?^\}/ms.exec(text)?.[0] ?? "";

/** Logs in to a host; each attempt takes `seconds` and prints for how long it may wait. Returns the printed times. */
function countAttempts(attempts: number, seconds: number): number[] {
  const script = `
    has_key() { :; }; is_login_refused() { false; }; sleep() { :; }
    open_connection() { echo "$2"; SECONDS=$((SECONDS + ${String(seconds)})); return 1; }
    ${awaitLogin}
    await_login host ${String(attempts)} || true`;
  const printed = execFileSync("bash", ["-c", script], { encoding: "utf8" });
  return printed.trim().split("\n").map(Number);
}

describe("a login to a host that does not answer", () => {
  it("is tried as often as the script asks where the host refuses at once", () => {
    expect(countAttempts(6, 0)).toHaveLength(6);
  });

  it("gives a silent one longer answers, and no more time in all", () => {
    expect(countAttempts(6, 20)).toEqual([30, 10]);
    expect(countAttempts(1, 5)).toEqual([5]);
  });

  it("waits for one answer of a busy host for up to 20 seconds", () => {
    expect(text).toContain("limit=$(($2 < 1 ? 1 : $2 > 20 ? 20 : $2))");
    expect(text).toMatch(/ssh -F .* -o ConnectTimeout="\$limit"/);
  });
});
