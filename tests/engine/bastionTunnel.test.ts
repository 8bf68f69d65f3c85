/** The tunnel through a real bastion to the port of an API server. Needs root. */
import { readScript, quoteForShell } from "../../infra/cluster/hostScripts.ts";
import { runAsOperator } from "../support/sshMachines.ts";

/** Also answers clients that close the connection at once, which resets it. */
const apiServer = `
  const answer = (socket) => socket.on("error", () => undefined).end("the API server\\n");
  require("net").createServer(answer).listen(6443, "10.2.0.2")`;

/** Starts something that answers at the API server's address behind the bastion, and names what the scripts need. */
const setup = [
  `ip netns exec node ${process.execPath} -e ${quoteForShell(apiServer)} & `,
  "until ip netns exec node ss --no-header --listening --tcp '( sport = 6443 )' | grep -q .; do sleep 0.1; done",
  "export TUNNEL=127.0.0.1:16443:10.2.0.2:6443 ATTEMPTS=2",
].join("\n");

const openTunnel = `bash -c ${quoteForShell(readScript("open-tunnel.sh"))} 2>&1 || echo "exit code $?"`;
const askServer = "{ cat </dev/tcp/127.0.0.1/16443; } 2>/dev/null || echo no answer";
const printLogins = 'echo "logins: $(count_logins bastion)"';
const listConnections = "pgrep --full 'ssh .*-f -N -M'";
const cutConnection = `kill $(${listConnections}); while ${listConnections} >/dev/null; do sleep 0.1; done`;

describe("an API server behind a bastion", () => {
  it("is reached over one connection, however many commands open the tunnel, also at once", () => {
    const printed = runAsOperator([
      setup,
      askServer,
      `(${openTunnel}) & (${openTunnel}) & (${openTunnel}) & wait %2 %3 %4`,
      askServer,
      openTunnel,
      askServer,
      printLogins,
    ]);
    expect(printed.split("\n")).toEqual(["no answer", "the API server", "the API server", "logins: 1", ""]);
  });

  it("is reached again after the connection was lost", () => {
    const printed = runAsOperator([setup, openTunnel, cutConnection, askServer, openTunnel, askServer, printLogins]);
    expect(printed.split("\n")).toEqual(["no answer", "the API server", "logins: 2", ""]);
  });

  it("is reached by the loopback of the operator's machine alone", () => {
    const printed = runAsOperator([
      setup,
      openTunnel,
      "ss --no-header --listening --tcp --numeric '( sport = 16443 )'",
    ]);
    expect(printed).toMatch(/^LISTEN .* 127\.0\.0\.1:16443 /);
    expect(printed.trim().split("\n")).toHaveLength(1);
  });

  it("shares the port with another connection of this machine that leads there", () => {
    const other = "eval $(ssh-agent) >/dev/null; ssh-add -q /run/key; export PRIVATE_KEY=";
    const end = "kill $SSH_AGENT_PID; rm -f $SSH_AUTH_SOCK";
    const printed = runAsOperator([setup, openTunnel, other, openTunnel, askServer, end]);
    expect(printed).toBe("the API server\n");
  });

  it("says why the bastion refuses, with a code that forbids another attempt", () => {
    const printed = runAsOperator([
      setup,
      "ssh-keygen -q -t ed25519 -N '' -f /run/other; PRIVATE_KEY=$(cat /run/other)",
      openTunnel,
    ]);
    expect(printed).toMatch(/^ops@10\.1\.0\.2: Permission denied .*ssh-copy-id allows it to log in\nexit code 77\n$/);
  });
});
