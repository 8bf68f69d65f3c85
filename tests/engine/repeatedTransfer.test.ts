/** What a host is sent that a Pulumi state has had before, over real SSH servers. Needs root. */
import { quoteForShell, renderScript } from "../../infra/cluster/hostScripts.ts";
import { scriptInput } from "../support/nodeMachine.ts";
import { renderOperatorRun, runAsOperator } from "../support/sshMachines.ts";

jest.setTimeout(60_000);

const nodeRoot = "/run/machines/node/root";
const firstTransfer = renderOperatorRun("send-to-host.sh", "");
const repeatedTransfer = `echo again; export ADOPT=yes; ${firstTransfer}`;

/** Prints "sent" whenever the host gets the files. */
const transferOfFiles = `
  export TREES=/run/programs:/run/files CHECK=${quoteForShell(renderScript("check-laid-files.sh", scriptInput))}
  export RECEIVE=${quoteForShell(`echo sent\n${renderScript("lay-files.sh", scriptInput)}`)}
  mkdir -p /run/programs/usr/local/bin /run/files/etc/systemd/system
  for name in kubelet etcdctl; do echo $name >/run/programs/usr/local/bin/$name; done
  chmod 755 /run/programs/usr/local/bin/*
  echo unit >/run/files/etc/systemd/system/kubelet.service
`;
const listPrograms = `(cd ${nodeRoot}/usr/local/bin; echo *)`;

describe("a host that has all files", () => {
  it("is not sent them again, but those that it loses, changes or lacks", () => {
    const printed = runAsOperator([
      transferOfFiles,
      firstTransfer,
      repeatedTransfer,
      `rm ${nodeRoot}/usr/local/bin/kubelet`,
      repeatedTransfer,
      `chmod 700 ${nodeRoot}/usr/local/bin/kubelet`,
      repeatedTransfer,
      "echo kubectl >/run/programs/usr/local/bin/kubectl",
      repeatedTransfer,
      repeatedTransfer,
      listPrograms,
    ]);
    expect(printed).toBe(
      "sent\nagain\nagain\nsent\nagain\nsent\nagain\nsent\nagain\netcdctl kubectl kubelet root-shell\n",
    );
  });

  it("loses without a transfer what its role no longer needs", () => {
    const printed = runAsOperator([
      transferOfFiles,
      firstTransfer,
      "rm /run/programs/usr/local/bin/etcdctl",
      repeatedTransfer,
      listPrograms,
    ]);
    expect(printed).toBe("sent\nagain\nkubelet root-shell\n");
  });

  it("keeps as the site's what the site had before", () => {
    const printed = runAsOperator([
      `mkdir -p ${nodeRoot}/usr/local/bin; echo etcdctl >${nodeRoot}/usr/local/bin/etcdctl`,
      transferOfFiles,
      firstTransfer,
      repeatedTransfer,
      "rm /run/programs/usr/local/bin/etcdctl",
      repeatedTransfer,
      listPrograms,
    ]);
    expect(printed).toBe("sent\nagain\nagain\netcdctl kubelet root-shell\n");
  });

  it("that belongs to another Pulumi state is refused", () => {
    const printed = runAsOperator([
      transferOfFiles,
      firstTransfer,
      `echo 'mixcpt-infra/lab fedcba9876543210 bob@desk:/home/bob' >${nodeRoot}/etc/mixcpt/owner`,
      repeatedTransfer,
    ]);
    expect(printed).toMatch(/^sent\nagain\n.*belongs to the cluster mixcpt-infra\/lab[^]*exit code 1\n$/);
  });
});

describe("a node that has all images", () => {
  const digests = ["a", "b"].map((digit) => `sha256:${digit.repeat(64)}`);
  const layout = { manifests: digests.map((digest) => ({ digest, size: 1 })) };

  /** Lets containerd know the digests, each unpacked or not. */
  function stubContainerd(unpacked: readonly boolean[]): string {
    const lines = unpacked.map(
      (state, index) => `image:1 type ${digests[index] ?? ""} complete (2/2) ${String(state)}`,
    );
    const stub = ["#!/bin/sh", "cat <<TABLE", ...lines, "TABLE"].join("\n");
    return `echo ${quoteForShell(stub)} >${nodeRoot}/usr/local/bin/ctr; chmod 755 ${nodeRoot}/usr/local/bin/ctr`;
  }

  it("is not sent them again, but if one is missing or not unpacked", () => {
    const printed = runAsOperator([
      `mkdir /run/layout; echo ${quoteForShell(JSON.stringify(layout))} >/run/layout/index.json`,
      `export TREES=/run/layout CHECK=${quoteForShell(renderScript("check-images.sh", scriptInput))}`,
      "export RECEIVE='echo sent; cat >/dev/null'",
      firstTransfer,
      stubContainerd([true, true]),
      repeatedTransfer,
      stubContainerd([true, false]),
      repeatedTransfer,
      stubContainerd([true]),
      repeatedTransfer,
    ]);
    expect(printed).toBe("sent\nagain\nagain\nsent\nagain\nsent\n");
  });
});
