/**
 * A machine behind a bastion, both with the sshd of the local hosts' Debian, in namespaces of their own: the operator
 * reaches only the bastion. Needs root.
 */
import { execFileSync } from "node:child_process";
import { quoteForShell, readScript } from "../../infra/cluster/hostScripts.ts";
import { readToolchain, requireNodeSoftware } from "../../workspace/toolchain.ts";

const bastionAddress = "10.1.0.2";
const nodeAddress = "10.2.0.2";

/** Makes both machines; `ops` is a user of each. The stand-in for sudo is a shell with the rights of its owner. */
const machinesSetup = `
  mount -t tmpfs run /run; mkdir -p /run/netns /run/machines
  ip link set lo up
  for name in bastion node; do ip netns add $name; ip -n $name link set lo up; done
  ip link add operator type veth peer name front netns bastion
  ip address add 10.1.0.1/24 dev operator; ip link set operator up
  ip -n bastion address add ${bastionAddress}/24 dev front; ip -n bastion link set front up
  ip -n bastion link add back type veth peer name rack netns node
  ip -n bastion address add 10.2.0.1/24 dev back; ip -n bastion link set back up
  ip -n node address add ${nodeAddress}/24 dev rack; ip -n node link set rack up
  for name in bastion node; do
    machine=/run/machines/$name root=/run/machines/$name/root
    mkdir -p $machine/{upper,work,root}
    mount -t overlay -o lowerdir=$ROOT,upperdir=$machine/upper,workdir=$machine/work overlay $root
    mount -t proc proc $root/proc; mount --rbind /dev $root/dev; mount -t tmpfs run $root/run
    mkdir -p $root/run/sshd $root/home/ops/.ssh
    for type in $KEY_TYPES; do ssh-keygen -q -t $type -N '' -f $root/etc/ssh/ssh_host_\${type}_key; done
    echo 'ops:x:1001:1001::/home/ops:/bin/bash' >>$root/etc/passwd; echo 'ops:*:1:0:99999:7:::' >>$root/etc/shadow
    chown -R 1001:1001 $root/home/ops
    ip netns exec $name chroot $root /usr/sbin/sshd -E /run/sshd.log -o UsePAM=no -o LogLevel=VERBOSE
    until [ -s $root/run/sshd.pid ]; do sleep 0.1; done # which it writes once it listens
  done
  allow_key() {
    local root
    for root in /run/machines/*/root; do cp "$1" $root/home/ops/.ssh/authorized_keys; chmod 644 $root/home/ops/.ssh/*; done
  }
  allow_sudo() {
    local root=/run/machines/node/root
    install -m 4755 $root/bin/bash $root/usr/local/bin/root-shell
    cat >$root/usr/bin/sudo <<'SUDO'
#!/usr/local/bin/root-shell -p
shift
[ "$1" != bash ] || { shift && set -- root-shell -p "$@"; }
exec "$@"
SUDO
    chmod 755 $root/usr/bin/sudo
  }
  count_logins() { grep -c 'Accepted publickey' /run/machines/$1/root/run/sshd.log || true; }
  count_logged() { grep -c "$2" /run/machines/$1/root/run/sshd.log || true; }
  count_refusals() { # sshd logs the end of a connection after its client has gone
    for try in $(seq 100); do
      [ "$(count_logged $1 'Connection closed')" != "$(count_logged $1 'Connection from')" ] || break
      sleep 0.1
    done
    count_logged $1 'Connection closed by authenticating'
  }
  print_host_key() { cut -d' ' -f1,2 /run/machines/$1/root/etc/ssh/ssh_host_$2_key.pub; }
  ssh-keygen -q -t ed25519 -N '' -f /run/key; allow_key /run/key.pub; allow_sudo
  export HOST="node (${nodeAddress})" ADDRESS=${nodeAddress} PORT=22 REMOTE_USER=ops ATTEMPTS=3
  export HOST_KEY="$(print_host_key node ed25519)" PRIVATE_KEY="$(cat /run/key)"
  export BASTION_ADDRESS=${bastionAddress} BASTION_PORT=22 BASTION_USER=ops
  export BASTION_HOST_KEY="$(print_host_key bastion ed25519)"
`;

/** A command that runs a script of the operator's machine with a script for the node, and prints its exit code. */
export function renderOperatorRun(script: string, onNode: string): string {
  return `bash -c ${quoteForShell(readScript(script))} <<<${quoteForShell(onNode)} 2>&1 || echo "exit code $?"`;
}

interface MachineOptions {
  /** Types of the machines' host keys. */
  readonly keyTypes?: string;
}

/** The output of commands of the operator, one after the other. Every process ends with the last. */
export function runAsOperator(commands: readonly string[], { keyTypes = "ed25519" }: MachineOptions = {}): string {
  const namespaces = ["--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"];
  return execFileSync("unshare", [...namespaces, "bash", "-e"], {
    input: [machinesSetup, ...commands].join("\n"),
    env: {
      PATH: "/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin",
      ROOT: requireNodeSoftware(readToolchain()).hostRoot,
      KEY_TYPES: keyTypes,
    },
    encoding: "utf8",
  });
}
