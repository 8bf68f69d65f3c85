/** The scripts that make a machine a node, in namespaces as a machine (`tests/support/nodeMachine.ts`). Needs root. */
import { ownerLine, printCalls, renderScriptRun, runOnMachine } from "../support/nodeMachine.ts";

describe("kubeadm", () => {
  const failOnce = (verb: string) => `echo '[ "$1" != ${verb} ]' >>/usr/local/bin/kubeadm`;
  const succeed = "sed -i '$d' /usr/local/bin/kubeadm";
  const printKubeadmCalls = "grep -o 'kubeadm [a-z]*' /run/called";

  it.each([
    ["init-control-plane.sh", "init"],
    ["join-node.sh", "join"],
  ])("resets a machine only after an interrupted attempt (%s)", (script, verb) => {
    const leftovers = "touch /etc/kubernetes/kubelet.conf";
    const run = renderScriptRun(script);
    const printed = runOnMachine(failOnce(verb), run, leftovers, succeed, run, run, printKubeadmCalls);
    const calls = printed.split("\n").filter((line) => line.startsWith("kubeadm"));
    expect(calls).toEqual([`kubeadm ${verb}`, "kubeadm reset", `kubeadm ${verb}`]);
  });

  it.each([
    ["init-control-plane.sh", "initialised"],
    ["join-node.sh", "joined"],
    ["join-control-plane.sh", "initialised"],
  ])("does not touch what an earlier run is still making (%s)", (script, mark) => {
    const end = `rm /etc/mixcpt/attempt; touch /etc/kubernetes/${mark}`;
    const earlierRun =
      "exec 7>/run/mixcpt-attempt.lock; flock 7; mkdir /etc/mixcpt; touch /etc/mixcpt/attempt /etc/kubernetes/admin.conf; " +
      `(timeout 40 sh -c 'until grep -qs waits /run/printed; do sleep 0.1; done'; ${end}) >/dev/null & exec 7>&-`;
    const own = `echo '${ownerLine}' >/etc/mixcpt/owner`;
    const laterRun = `{ ${renderScriptRun(script)}; } >/run/printed`;
    const printed = runOnMachine(earlierRun, own, laterRun, "cat /run/printed", printCalls);
    expect(printed).toContain("gpu-1 (10.0.0.1): waits until an earlier run has ended there\n");
    expect(printed).not.toContain("kubeadm");
  });

  it("explains how to replace an expired token when a node does not join", () => {
    const printed = runOnMachine(failOnce("join"), renderScriptRun("join-node.sh"));
    expect(printed).toMatch(/^gpu-1 did not join\. If its token is older than a day, .*\nexit code 1\n$/);
  });
});

describe("the token of a node", () => {
  it("is deleted by its public half, also if it is gone", () => {
    const JOIN = "kubeadm join 10.0.0.1:6443 --token abcdef.0123456789abcdef --discovery-token-ca-cert-hash h";
    const printed = runOnMachine(renderScriptRun("delete-token.sh", { JOIN }), printCalls);
    expect(printed).toBe("kubectl --namespace kube-system delete secret bootstrap-token-abcdef --ignore-not-found\n");
  });
});

describe("an API server that restarts", () => {
  const missingRight = 'Error from server (Forbidden): nodes is forbidden: User "kubernetes-admin" cannot get resource';
  /** Makes a program fail with this answer, as often as the file /run/failures has lines. */
  const failWith = (program: string, answer: string) => `
    cat >>/usr/local/bin/${program} <<'STUB'
if [ -s /run/failures ]; then sed -i 1d /run/failures; echo '${answer}' >&2; exit 1; fi
cat >/dev/null; echo "printed once"
STUB
    printf '1\n2\n' >/run/failures`;

  it.each([
    [
      "emulate-gpus.sh",
      "kubectl",
      "The connection to the server 10.0.0.1:6443 was refused - did you specify the port?",
    ],
    ["publish-routes.sh", "kubectl", missingRight],
    ["grant-proxy-rights.sh", "kubectl", "Error from server (TooManyRequests): please try again later"],
    ["delete-node.sh", "kubectl", "Error from server (ServiceUnavailable): the server is unable to handle the request"],
    ["admit-node.sh", "kubeadm", "error execution phase: etcdserver: request timed out"],
    ["join-node.sh", "kubeadm", 'could not find the cluster-info: Get "https://10.0.0.1": connect: connection refused'],
  ])("is waited for by %s, which says so once", (script, program, answer) => {
    const prepare = script === "join-node.sh" ? "" : renderScriptRun("init-control-plane.sh");
    const printed = runOnMachine(prepare, failWith(program, answer), renderScriptRun(script));
    expect(printed).not.toContain("exit code");
    expect(printed.split("warning: ").slice(1)).toEqual([
      expect.stringMatching(
        answer === missingRight
          ? /^gpu-1 \(10\.0\.0\.1\): the API server denies a right, perhaps .*; trying again for up to 20 s$/m
          : /^gpu-1 \(10\.0\.0\.1\): the API server does not answer as it should .*; trying again for up to 60 s$/m,
      ),
    ]);
    expect(printed).toContain(answer);
  });

  it("is waited for after a long wait of the command itself, and what that says is shown as it comes", () => {
    const drain = `cat >>/usr/local/bin/kubectl <<'STUB'
[ "$1" = drain ] || { echo node/gpu-1; exit; }
if [ ! -e /run/drained ]; then
  touch /run/drained; echo "will retry: disruption budget" >&2; sleep 2
  for try in $(seq 600); do grep -q retry /run/shown && break; sleep 0.1; done
  cp /run/shown /run/copy; cat /run/copy >&2
  echo "Unable to connect to the server: unexpected EOF" >&2; exit 1
fi
STUB
      export SECONDS_TO_RETRY=2; touch /etc/kubernetes/initialised`;
    const run = `(${renderScriptRun("drain-node.sh")}) >/run/shown; cat /run/shown`;
    const printed = runOnMachine(renderScriptRun("init-control-plane.sh"), drain, run);
    expect(printed).not.toContain("exit code");
    // The first line was shown before the command ended: the command printed it again from there.
    expect(printed.match(/will retry: disruption budget/g)).toHaveLength(2);
    expect(printed).toContain("warning: ");
  });

  it("is not waited for after an answer that cannot change", () => {
    const answer = 'error: the server does not have a resource type "node"';
    const printed = runOnMachine(failWith("kubectl", answer), renderScriptRun("publish-routes.sh"));
    expect(printed).toBe(`${answer}\nexit code 1\n`);
  });

  it("that keeps refusing ends the script with its answer and the time of waiting", () => {
    const printed = runOnMachine(
      "export SECONDS_TO_RETRY=0",
      failWith("kubectl", missingRight),
      renderScriptRun("publish-routes.sh"),
    );
    expect(printed).toBe(
      `gpu-1 (10.0.0.1): the API server still denied this right after 0 seconds:\n${missingRight}\nexit code 1\n`,
    );
  });
});

describe("a machine that has been installed again", () => {
  /** Calls of kubectl that delete a node, on a control plane that knows a node of this system. */
  function listDeletions(known: string, machineId: string): string[] {
    const answer = `printf '%s\\n' 'echo "${known}"' >>/usr/local/bin/kubectl`;
    const calls = runOnMachine(answer, renderScriptRun("admit-node.sh", { MACHINE_ID: machineId }), printCalls);
    return calls.split("\n").filter((line) => line.includes("delete"));
  }

  it("is no longer known as the node that it was when it joins", () => {
    expect(listDeletions("0123abcd 10.0.0.1", "4567ef01")).toEqual(["kubectl delete node gpu-1 --ignore-not-found"]);
  });

  it("stays known while it is the same system, if its id is unknown, or if the node has another address", () => {
    expect(listDeletions("0123abcd 10.0.0.1", "0123abcd")).toEqual([]);
    expect(listDeletions("0123abcd 10.0.0.1", "")).toEqual([]);
    expect(listDeletions("", "4567ef01")).toEqual([]);
    expect(listDeletions("0123abcd 10.0.0.9", "4567ef01")).toEqual([]);
  });
});

describe("a PATH without /usr/local/bin", () => {
  it.each([
    ["join-node.sh", "kubeadm join"],
    ["admit-node.sh", "kubeadm token"],
    ["init-control-plane.sh", "kubeadm init"],
    ["import-images.sh", "ctr --namespace"],
    ["emulate-gpus.sh", "kubectl wait"],
    ["publish-routes.sh", "kubectl apply"],
    ["grant-proxy-rights.sh", "kubectl apply"],
  ])("does not hide the node's own programs from %s", (script, call) => {
    const printed = runOnMachine("export PATH=/usr/bin:/bin", renderScriptRun(script), printCalls);
    expect(printed).not.toContain("exit code");
    expect(printed).toContain(call);
  });
});

describe("an inventory whose first machine has changed", () => {
  it.each([
    [
      "init-control-plane.sh",
      "joined",
      "this machine is already a worker node; the control plane must remain the first machine of the inventory",
    ],
    [
      "join-node.sh",
      "initialised",
      "this machine is the control plane; it must remain the first machine of the inventory",
    ],
  ])("stops %s on a machine with the marker %s before anything is reset", (name, marker, message) => {
    const printed = runOnMachine(`touch /etc/kubernetes/${marker}`, renderScriptRun(name), printCalls);
    expect(printed).toBe(`${message}\nexit code 1\n`);
  });
});
