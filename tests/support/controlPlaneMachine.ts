/** A control plane with its programs and stubs for what they call, in namespaces as a machine. */
import { resolve } from "node:path";
import { checkoutDirectory } from "../../workspace/environment.ts";

export const layPrograms = `
  cp ${resolve(checkoutDirectory, "infra/cluster/files")}/*/usr/local/sbin/mixcpt-* /usr/local/sbin
  chmod 755 /usr/local/sbin/mixcpt-*
  mkdir -p /var/lib/mixcpt
`;
export const makeControlPlane = `${layPrograms} touch /etc/kubernetes/initialised`;

/** Appends a line to a stub. */
export function extendStub(program: string, line: string): string {
  return `cat >>/usr/local/bin/${program} <<'LINE'\n${line}\nLINE`;
}

/** A command whose output includes its errors and its exit code unless it is 0. */
export function runProgram(command: string): string {
  return `${command} 2>&1 || echo "exit code $?"`;
}
