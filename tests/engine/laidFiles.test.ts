/** The files that are laid on a host and removed from it, in namespaces as a machine. Needs root. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { nodeFiles, quoteForShell, renderScript } from "../../infra/cluster/hostScripts.ts";
import { printCalls, renderScriptRun, runOnMachine, scriptInput } from "../support/nodeMachine.ts";

/** Sends files to the machine as send-to-host.sh does. Files in bin/ are programs. */
function layFiles(files: Readonly<Record<string, string>>, environment = ""): string {
  const write = Object.entries(files).map(
    ([path, content]) =>
      `mkdir -p "$(dirname "/run/tree${path}")"; printf %s ${quoteForShell(content)} >"/run/tree${path}"; ` +
      `case ${path} in */bin/*) chmod 700 "/run/tree${path}";; *) chmod 600 "/run/tree${path}";; esac`,
  );
  const script = quoteForShell(renderScript("lay-files.sh", scriptInput));
  return `rm -rf /run/tree; mkdir /run/tree
    ${write.join("\n")}
    tar -cz -C /run/tree . | ${environment} bash -c ${script} 2>&1 || echo "exit code $?"`;
}

const software = {
  "/usr/local/bin/kubelet": "kubelet 1",
  "/opt/cni/bin/bridge": "bridge 1",
  "/etc/containerd/config.toml": "ours",
};
const undoUpgrade = readFileSync(resolve(nodeFiles, "every-node/usr/local/sbin/mixcpt-undo-upgrade"), "utf8");
const reset = renderScriptRun("reset-node.sh");
const printTree = "find /etc /opt /usr/local/bin /var/lib -name stub -prune -o -printf '%M %p %l\\n' | sort -k 2";

describe("the files of a node", () => {
  it("leave directories with the modes and links that they had, whatever the umask", () => {
    const printed = runOnMachine(
      `umask 077; chmod 711 /etc; chmod 755 /opt; rm -rf /usr/local/bin; mkdir -p /etc/site/bin /run/opt
       umount /opt; mount -t tmpfs none /opt; mkdir /run/opt/cni; chmod 750 /run/opt /run/opt/cni
       ln -s /run/opt/cni /opt/cni; ln -s /etc/site/bin /usr/local/bin; chmod 700 /etc/site /etc/site/bin`,
      layFiles(software),
      "stat -c '%A %N' /etc /opt/cni /run/opt/cni /usr/local/bin /etc/site/bin /etc/containerd",
      "stat -c '%A %n' /etc/site/bin/kubelet /run/opt/cni/bin /run/opt/cni/bin/bridge /etc/containerd/config.toml",
    );
    expect(printed.trim().split("\n")).toEqual([
      "drwx--x--x '/etc'",
      "lrwxrwxrwx '/opt/cni' -> '/run/opt/cni'",
      "drwxr-x--- '/run/opt/cni'",
      "lrwxrwxrwx '/usr/local/bin' -> '/etc/site/bin'",
      "drwx------ '/etc/site/bin'",
      "drwxr-xr-x '/etc/containerd'",
      "-rwxr-xr-x /etc/site/bin/kubelet",
      "drwxr-xr-x /run/opt/cni/bin",
      "-rwxr-xr-x /run/opt/cni/bin/bridge",
      "-rw-r--r-- /etc/containerd/config.toml",
    ]);
  });

  it("are still known after an upgrade was undone, so that a reset removes them", () => {
    const printed = runOnMachine(
      layFiles(software),
      "mkdir /var/lib/kubelet; touch /var/lib/kubelet/config.yaml",
      renderScriptRun("keep-programs.sh"),
      layFiles({ ...software, "/usr/local/bin/kubelet": "kubelet 2" }),
      `bash -c ${quoteForShell(undoUpgrade)}`,
      "cat /usr/local/bin/kubelet; echo",
      reset,
      "ls /usr/local/bin/kubelet 2>&1 || true",
    );
    expect(printed.trim().split("\n")).toEqual([
      "this machine has the programs from before the upgrade to v1.37.2",
      "kubelet 1",
      "ls: cannot access '/usr/local/bin/kubelet': No such file or directory",
    ]);
  });

  it("are removed by a reset, which puts back what was there before", () => {
    const printed = runOnMachine(
      `mkdir -p /etc/containerd /etc/site; chmod 750 /etc/containerd; rm /usr/local/bin/kubelet 2>/dev/null || true
       echo site >/etc/site/containerd.toml; ln -s /etc/site/containerd.toml /etc/containerd/config.toml
       mkdir -p /opt/cni/bin; printf 'bridge 0' >/opt/cni/bin/bridge; chmod 4711 /opt/cni/bin/bridge`,
      `${printTree} >/run/before`,
      layFiles(software),
      layFiles({ ...software, "/usr/local/bin/kubelet": "kubelet 2" }), // an upgrade
      "cat /usr/local/bin/kubelet /etc/containerd/config.toml /etc/site/containerd.toml; echo",
      reset,
      `rmdir /etc/kubernetes 2>/dev/null || true; ${printTree} >/run/after`,
      "sed -i '/.etc.kubernetes /d' /run/before; diff /run/before /run/after && cat /opt/cni/bin/bridge",
    );
    expect(printed).toBe("kubelet 2ourssite\n\nbridge 0");
  });

  it("that the site had already, or changed since, stay", () => {
    const printed = runOnMachine(
      "mkdir -p /opt/cni/bin; printf 'bridge 1' >/opt/cni/bin/bridge",
      layFiles(software),
      "echo edited >>/etc/containerd/config.toml",
      reset,
      "cat /opt/cni/bin/bridge; echo; cat /etc/containerd/config.toml; ls /usr/local/bin/kubelet 2>&1 || true",
    );
    expect(printed).toBe(
      "gpu-1 (10.0.0.1): /etc/containerd/config.toml stays, because it was changed since it was installed\n" +
        "bridge 1\noursedited\nls: cannot access '/usr/local/bin/kubelet': No such file or directory\n",
    );
  });

  it("that were changed since are kept by an upgrade", () => {
    const printed = runOnMachine(
      layFiles(software),
      "echo edited >>/etc/containerd/config.toml",
      layFiles({ ...software, "/etc/containerd/config.toml": "new" }),
      "cat /etc/containerd/config.toml /var/lib/mixcpt/edited/etc/containerd/config.toml",
    );
    expect(printed).toBe(
      "warning: gpu-1 (10.0.0.1): /etc/containerd/config.toml had been changed since it was installed; " +
        "its content is now in /var/lib/mixcpt/edited/etc/containerd/config.toml\nnewoursedited\n",
    );
  });

  it("that a new version no longer has are removed", () => {
    const { "/opt/cni/bin/bridge": bridge, ...others } = software;
    const printed = runOnMachine(layFiles(software), layFiles(others), "ls /opt/cni/bin; cat /usr/local/bin/kubelet");
    expect([printed, bridge]).toEqual(["kubelet 1", "bridge 1"]);
  });

  it("are laid completely after an interruption, and what was there before is still known", () => {
    const printed = runOnMachine(
      "mkdir -p /etc/containerd; echo site >/etc/containerd/config.toml; stub /usr/local/sbin/mv",
      // The first move of a file fails, after the list and the copy were written.
      `printf '#!/bin/sh\\ncase "$*" in *mixcpt-new*) exit 1;; esac\\nexec /bin/mv "$@"\\n' >/usr/local/sbin/mv`,
      layFiles(software),
      "rm /usr/local/sbin/mv",
      layFiles(software),
      reset,
      "cat /etc/containerd/config.toml; ls /opt /usr/local/bin/kubelet 2>&1 || true",
    );
    expect(printed).toBe(
      "exit code 1\nsite\nls: cannot access '/usr/local/bin/kubelet': No such file or directory\n/opt:\n",
    );
  });

  it("of an adopted node are not mistaken for the site's", () => {
    const printed = runOnMachine(
      "echo 'gpu-1 with pods in 10.244.1.0/24' >/etc/kubernetes/mixcpt-node; echo 'kubelet 0' >/usr/local/bin/kubelet",
      layFiles(software, "ADOPT=yes"),
      reset,
      "ls /usr/local/bin/kubelet 2>&1 || true",
    );
    expect(printed).toBe("ls: cannot access '/usr/local/bin/kubelet': No such file or directory\n");
  });
});

describe("the services of the site", () => {
  it("are started again by a reset if they ran before", () => {
    const calls = runOnMachine(
      `printf '#!/bin/sh\\necho "systemctl $*" >>/run/called
        case "$*" in "is-enabled containerd") echo enabled;; "is-active containerd") echo active;; esac\\n' \\
        >/usr/local/sbin/systemctl`,
      layFiles(software),
      "rm /run/called",
      reset,
      printCalls,
    );
    expect(calls.split("\n").filter((line) => /enable |start /.test(line))).toEqual([
      "systemctl enable --quiet containerd",
      "systemctl start containerd",
    ]);
  });
});
