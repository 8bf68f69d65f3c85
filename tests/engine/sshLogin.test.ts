/** Logins of the operator's scripts to real SSH servers: bastion, sudo, SSH agent, types of keys. Needs root. */
import { renderOperatorRun, runAsOperator } from "../support/sshMachines.ts";

const printUser = renderOperatorRun("run-on-host.sh", 'echo "$(id -u) from ${SSH_CONNECTION%% *}"');
const printLogins = 'echo "logins: $(count_logins bastion) $(count_logins node)"';

function waitForFile(file: string): string {
  return `until [ -f ${file} ]; do sleep 0.1; done`;
}

describe("a machine behind a bastion", () => {
  it("runs scripts as root by sudo over one connection, and tells their exit codes", () => {
    const printed = runAsOperator([
      printUser,
      renderOperatorRun("run-on-host.sh", "echo problem >&2; exit 7"),
      `TREES=/run/tree RECEIVE='tar -xz -C /srv && cat /srv/file'; export TREES RECEIVE
       mkdir /run/tree; seq 100000 >/run/tree/file; echo last >>/run/tree/file`,
      `{ ${renderOperatorRun("send-to-host.sh", "")}; } | tail -n 1`,
      printLogins,
    ]);
    expect(printed).toBe("0 from 10.2.0.1\nproblem\nexit code 7\nlast\nlogins: 1 1\n");
  });

  it("is sent a file that gets another link meanwhile, but none whose content changes", () => {
    const send = `{ ${renderOperatorRun("send-to-host.sh", "")}; } | sort`;
    const duringTransfer = (command: string) =>
      `export TAR_OPTIONS="--checkpoint=20 --checkpoint-action=exec='${command}'"; ${send}`;
    const printed = runAsOperator([
      "TREES=/run/tree RECEIVE='tar -xz -C /srv && tail -n 1 /srv/file'; export TREES RECEIVE",
      "mkdir /run/tree; seq 100000 >/run/tree/file; touch --date=2026-01-01 /run/tree/file",
      duringTransfer("ln -f /run/tree/file /run/link"),
      duringTransfer("touch /run/tree/file"),
    ]);
    expect(printed).toBe("100000\n100000\nexit code 1\ntar: ./file: file changed as we read it\n");
  });

  it("may have host keys of every type", () => {
    const types = ["ecdsa", "rsa", "ed25519"].map((type) => `HOST_KEY="$(print_host_key node ${type})"; ${printUser}`);
    expect(runAsOperator(types, { keyTypes: "ecdsa rsa ed25519" })).toBe("0 from 10.2.0.1\n".repeat(3));
  });

  it("accepts a key with a passphrase from the SSH agent", () => {
    const printed = runAsOperator([
      "ssh-keygen -q -p -N 'open sesame' -f /run/key >/dev/null; eval $(ssh-agent) >/dev/null; export PRIVATE_KEY=",
      printUser,
      `printf '#!/bin/sh\\necho open sesame\\n' >/run/ask; chmod 755 /run/ask`,
      "SSH_ASKPASS=/run/ask SSH_ASKPASS_REQUIRE=force ssh-add -q /run/key",
      printUser,
      "kill $SSH_AGENT_PID; rm -f $SSH_AUTH_SOCK",
      printUser,
    ]);
    expect(printed.split("\n")).toEqual([
      "node (10.2.0.2) does not answer by SSH: the SSH agent has no key; run ssh-add FILE, or set privateKeyFile",
      "exit code 1",
      "0 from 10.2.0.1",
      expect.stringMatching(/no SSH agent answers at SSH_AUTH_SOCK=.*ssh-add FILE\), or set privateKeyFile/),
      "exit code 1",
      "",
    ]);
  });

  it("is asked once with a key or a host key that is refused, because fail2ban counts", () => {
    const printed = runAsOperator([
      "ssh-keygen -q -t ed25519 -N '' -f /run/other",
      `PRIVATE_KEY="$(cat /run/other)"; ${printUser}`,
      'echo "refusals: $(count_refusals bastion)"',
      `PRIVATE_KEY="$(cat /run/key)" HOST_KEY="$BASTION_HOST_KEY"; ${printUser}`,
      printLogins,
    ]);
    expect(printed.split("\n")).toEqual([
      expect.stringMatching(/does not answer by SSH: ops@10\.1\.0\.2: Permission denied .*ssh-copy-id/),
      "exit code 1",
      "refusals: 1",
      expect.stringMatching(/: it has another key than the hostKey of the cluster's file\. If it was reinstalled/),
      "exit code 1",
      "logins: 1 0",
      "",
    ]);
  });

  it("is reached through a bastion that runs no commands, and further logins end nothing that runs", () => {
    const printed = runAsOperator(
      [
        "sed -i '/^ops:/s#/bin/bash#/usr/sbin/nologin#' /run/machines/bastion/root/etc/passwd",
        `{ ${renderOperatorRun("run-on-host.sh", `touch /run/begun; ${waitForFile("/run/other-login")}; echo ended`)}; } & pid=$!`,
        waitForFile("/run/machines/node/root/run/begun"),
        // another login, because those with another host key share no connection
        `HOST_KEY="$(print_host_key node ecdsa)"; ${printUser}`,
        "touch /run/machines/node/root/run/other-login; wait $pid",
        printLogins,
      ],
      { keyTypes: "ecdsa ed25519" },
    );
    expect(printed).toBe("0 from 10.2.0.1\nended\nlogins: 1 2\n");
  });

  it("is inspected although its user has no sudo, which is one of the problems", () => {
    const printed = runAsOperator([
      "rm /run/machines/node/root/usr/bin/sudo",
      renderOperatorRun("inspect-from-operator.sh", 'echo "$(id -un): $SUDO_PROBLEM $((OPERATOR_TIME > 1700000000))"'),
    ]);
    expect(printed).toMatch(/^ops: .*sudo: (command )?not found 1\n$/);
  });
});
