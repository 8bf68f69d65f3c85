/** The operator's scripts that log in to hosts, in namespaces as a machine; a stub replaces ssh. Needs root. */
import { quoteForShell, readScript } from "../../infra/cluster/hostScripts.ts";
import { runOnMachine } from "../support/nodeMachine.ts";

/** Runs scripts on this machine instead of the host, unless its address is in /run/off. The name of a login comes last. */
const sshStub = `
  touch /run/off
  echo 'root:x:0:0::/root:/bin/sh' >/etc/passwd
  cat >/usr/local/sbin/ssh <<'SSH'
#!/bin/bash
config=$2
case " $* " in *" -O "*) exit 1 ;; *" -G "*) echo "controlpath /run/socket"; exit ;; esac
for last; do :; done
find_address() { sed -n "/^Host $1$/,/HostName/s/.*HostName //p" "$config"; }
address=$(find_address "$last")
if [ -n "$address" ]; then
  grep -qx "$address" /run/off || exit 0
  echo "ssh: no route to $address" >&2
  exit 255
fi
exec sh -c "$last"
SSH
  chmod 755 /usr/local/sbin/ssh; printf '#!/bin/sh\\n' >/usr/local/sbin/sleep; chmod 755 /usr/local/sbin/sleep
`;

const worker = {
  HOST: "gpu-2 (10.0.0.2)",
  NODE_NAME: "gpu-2",
  ADDRESS: "10.0.0.2",
  PORT: "22",
  REMOTE_USER: "root",
  HOST_KEY: "ssh-ed25519 AAAA",
  PRIVATE_KEY: "KEY",
  RESET: "echo reset >>/run/done",
  CONTROL_HOST: "gpu-1 (10.0.0.1)",
  CONTROL_ADDRESS: "10.0.0.1",
  CONTROL_PORT: "22",
  CONTROL_USER: "root",
  CONTROL_HOST_KEY: "ssh-ed25519 BBBB",
  DRAIN: "echo drain >>/run/done",
  DELETE: "echo delete unreachable=$UNREACHABLE >>/run/done",
  SET_ROUTES: "echo routes >>/run/done",
};

type Input = Partial<Record<keyof typeof worker | "MIXCPT_FORCE_RELEASE", string>>;

function runFromOperator(script: string, { off = [], ...input }: Input & { off?: string[] } = {}) {
  const exports = Object.entries({ ...worker, ...input }).map(([key, value]) => `${key}=${quoteForShell(value)}`);
  const [message = "", done = ""] = runOnMachine(
    sshStub,
    `printf '%s\\n' ${off.join(" ")} >/run/off`,
    `env ${exports.join(" ")} bash -c ${quoteForShell(readScript(script))} 2>&1 </dev/null || echo "exit code $?"`,
    "echo ---; cat /run/done 2>/dev/null || true",
  ).split("---\n");
  return { message, done: done.split("\n").filter((line) => line !== "") };
}

describe("the removal of a node", () => {
  it("drains it, then resets the machine, then deletes the node", () => {
    expect(runFromOperator("release-host.sh")).toEqual({
      message: "",
      done: ["drain", "reset", "delete unreachable=no"],
    });
  });

  it("resets nothing while pods of it may not end", () => {
    const { message, done } = runFromOperator("release-host.sh", { DRAIN: "echo a budget forbids it; false" });
    expect(message).toBe("a budget forbids it\nexit code 1\n");
    expect(done).toEqual([]);
  });

  it("deletes a node that does not answer, with a warning", () => {
    const { message, done } = runFromOperator("release-host.sh", { off: ["10.0.0.2"] });
    expect(message).toBe(
      "warning: gpu-2 (10.0.0.2): does not answer by SSH (ssh: no route to 10.0.0.2); it is neither drained nor reset\n",
    );
    expect(done).toEqual(["delete unreachable=yes"]);
  });

  it("stops if the control plane does not answer either, unless it is forced", () => {
    const off = ["10.0.0.1", "10.0.0.2"];
    const refused = runFromOperator("release-host.sh", { off });
    expect(refused.message).toMatch(
      /^gpu-2 \(10\.0\.0\.2\): does not answer by SSH \(.*\), and neither does gpu-1 .*MIXCPT_FORCE_RELEASE="gpu-2"/,
    );
    expect(refused.message).toContain("exit code 1");
    const forced = runFromOperator("release-host.sh", { off, MIXCPT_FORCE_RELEASE: "gpu-3 gpu-2" });
    expect(forced.message).toMatch(/^warning: .* Kubernetes on it was not ended\n$/);
  });

  it("resets no machine that it cannot drain, unless it is forced", () => {
    const off = ["10.0.0.1"];
    const refused = runFromOperator("release-host.sh", { off });
    expect(refused.message).toContain("cannot be drained, because gpu-1 (10.0.0.1) does not answer by SSH");
    expect(refused.done).toEqual([]);
    expect(runFromOperator("release-host.sh", { off, MIXCPT_FORCE_RELEASE: "gpu-2" }).done).toEqual(["reset"]);
  });

  it("only resets the control plane", () => {
    expect(runFromOperator("release-host.sh", { CONTROL_ADDRESS: "" })).toEqual({ message: "", done: ["reset"] });
  });
});

describe("the routes of a node", () => {
  it("are sent", () => {
    expect(runFromOperator("push-routes.sh")).toEqual({ message: "", done: ["routes"] });
  });

  it("are skipped with a warning if it does not answer", () => {
    const { message, done } = runFromOperator("push-routes.sh", { off: ["10.0.0.2"] });
    expect(message).toMatch(/^warning: gpu-2 \(10\.0\.0\.2\) does not answer by SSH .* within five minutes .*\n$/);
    expect(done).toEqual([]);
  });

  it("are an error if the node answers and cannot set them", () => {
    expect(runFromOperator("push-routes.sh", { SET_ROUTES: "false" }).message).toBe("exit code 1\n");
  });
});
