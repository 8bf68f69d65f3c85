/** What a host is sent that a Pulumi state has had before, over real SSH servers. Needs root. */
import { quoteForShell, renderScript } from "../../infra/cluster/hostScripts.ts";
import { scriptInput } from "../support/nodeMachine.ts";
import { renderOperatorRun, runAsOperator } from "../support/sshMachines.ts";

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

  /** Sends the files, prepares, then takes etcdctl from what is sent; prints what is left on the host. */
  function loseEtcdctl(prepare: string): string {
    const remove = "rm /run/programs/usr/local/bin/etcdctl";
    const transfers = [firstTransfer, repeatedTransfer, remove, repeatedTransfer];
    return runAsOperator([prepare, transferOfFiles, ...transfers, listPrograms]);
  }

  it("loses without a transfer what its role no longer needs", () => {
    expect(loseEtcdctl("")).toBe("sent\nagain\nagain\nkubelet root-shell\n");
  });

  it("keeps as the site's what the site had before", () => {
    const ofSite = `mkdir -p ${nodeRoot}/usr/local/bin; echo etcdctl >${nodeRoot}/usr/local/bin/etcdctl`;
    expect(loseEtcdctl(ofSite)).toBe("sent\nagain\nagain\netcdctl kubelet root-shell\n");
  });

  it("loses nothing if the operator's machine cannot read all files", () => {
    const breakChecksums = "printf '#!/bin/sh\\nexit 1\\n' >/run/stubs/cksum; chmod 755 /run/stubs/cksum";
    const printed = runAsOperator([
      transferOfFiles,
      firstTransfer,
      `mkdir /run/stubs; ${breakChecksums}; PATH=/run/stubs:$PATH`,
      repeatedTransfer,
      listPrograms,
    ]);
    expect(printed).toBe("sent\nagain\nexit code 1\netcdctl kubelet root-shell\n");
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

describe("programs that setup has compressed", () => {
  const archive = "tar -cz -C /run/programs -f /run/programs.tar.gz .";

  it("are laid from the archive, with the files beside them that setup has not", () => {
    const printed = runAsOperator([
      transferOfFiles,
      `${archive}; echo newer >/run/programs/usr/local/bin/kubelet`,
      firstTransfer,
      listPrograms,
      `cat ${nodeRoot}/usr/local/bin/kubelet ${nodeRoot}/etc/systemd/system/kubelet.service`,
    ]);
    expect(printed).toBe("sent\netcdctl kubelet root-shell\nkubelet\nunit\n");
  });

  it("change nothing on the host if their archive is damaged", () => {
    const printed = runAsOperator([
      transferOfFiles,
      firstTransfer,
      `${archive}; truncate --size=-20 /run/programs.tar.gz; rm ${nodeRoot}/usr/local/bin/etcdctl`,
      repeatedTransfer,
      listPrograms,
    ]);
    expect(printed).toMatch(/^sent\nagain\nsent\n[^]*gzip: stdin: [^]*exit code 2\nkubelet root-shell\n$/);
  });
});

describe("a node that has all images", () => {
  const images = ["a", "b"].map((id) => ({ digest: `sha256:${id.repeat(64)}`, name: `mixcpt.local/${id}:1` }));
  const layout = {
    manifests: images.map(({ digest, name }) => ({
      digest,
      size: 1,
      annotations: { "org.opencontainers.image.ref.name": name, "io.containerd.image.name": name },
    })),
  };

  /** Lets containerd know the images, each by its name and unpacked or not. */
  function stubContainerd(...known: { name?: string; unpacked?: boolean }[]): string {
    const lines = known.map(({ name, unpacked = true }, index) => {
      const image = images[index];
      return `${name ?? image?.name ?? ""} type ${image?.digest ?? ""} complete (2/2) ${String(unpacked)}`;
    });
    const pin = 'if [ "$4" = label ]; then echo "$5 $6" >>/tmp/pinned; exit; fi';
    const list = 'if [ "$4" = list ]; then cat /tmp/listed 2>/dev/null; exit; fi';
    const stub = ["#!/bin/sh", pin, list, "cat <<TABLE", ...lines, "TABLE"].join("\n");
    return `echo ${quoteForShell(stub)} >${nodeRoot}/usr/local/bin/ctr; chmod 755 ${nodeRoot}/usr/local/bin/ctr`;
  }

  const transferOfImages = `
    mkdir /run/layout; echo ${quoteForShell(JSON.stringify(layout))} >/run/layout/index.json
    export TREES=/run/layout CHECK=${quoteForShell(renderScript("check-images.sh", scriptInput))}
    export RECEIVE='echo sent; cat >/dev/null'
  `;

  it("keeps them when its disk is nearly full, also those that an earlier version has sent", () => {
    const printed = runAsOperator([
      transferOfImages,
      firstTransfer,
      stubContainerd({}, {}),
      repeatedTransfer,
      `cat ${nodeRoot}/tmp/pinned`,
    ]);
    const pinned = images.map(({ name }) => `${name} io.cri-containerd.pinned=pinned\n`).join("");
    expect(printed).toBe(`sent\nagain\n${pinned}`);
  });

  it("may lose other versions of them, and none of other images", () => {
    const printed = runAsOperator([
      transferOfImages,
      firstTransfer,
      stubContainerd({}, {}),
      `printf 'mixcpt.local/%s\n' a:0 a:1 b:1 other:1 >${nodeRoot}/tmp/listed`,
      repeatedTransfer,
      `tail -n +3 ${nodeRoot}/tmp/pinned`,
    ]);
    expect(printed).toBe("sent\nagain\nmixcpt.local/a:0 io.cri-containerd.pinned=\n");
  });

  it("is not sent them again, but if one is missing, has another name or is not unpacked", () => {
    const printed = runAsOperator([
      transferOfImages,
      firstTransfer,
      stubContainerd({}, {}),
      repeatedTransfer,
      stubContainerd({}, { unpacked: false }),
      repeatedTransfer,
      stubContainerd({}),
      repeatedTransfer,
      stubContainerd({}, { name: "mixcpt.local/b:2" }),
      repeatedTransfer,
    ]);
    expect(printed).toBe("sent\nagain\nagain\nsent\nagain\nsent\nagain\nsent\n");
  });
});
