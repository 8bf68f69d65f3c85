/** A machine of the cluster. */
interface UndoMachine {
  readonly name: string;
  readonly isControlPlane: boolean;
}

/** The number of control planes without which their etcd accepts nothing. */
function countQuorum(count: number): number {
  return Math.floor(count / 2) + 1;
}

function selectControlPlanes(machines: readonly UndoMachine[]): string[] {
  return machines.filter(({ isControlPlane }) => isControlPlane).map(({ name }) => name);
}

/** What must be on if not enough control planes remain; undefined if enough do. */
function explainMissingQuorum(planes: readonly string[], absent: readonly string[]): string | undefined {
  const quorum = countQuorum(planes.length);
  const missing = planes.filter((name) => absent.includes(name));
  const needed = quorum - (planes.length - missing.length);
  if (needed <= 0) return undefined;
  if (planes.length === 1) return `${missing.join()} is the only control plane and must be on`;
  return (
    `etcd needs ${String(quorum)} of the ${String(planes.length)} control planes: turn on ` +
    (needed === missing.length ? missing.join(", ") : `${String(needed)} of ${missing.join(", ")}`)
  );
}

/**
 * Refuses to leave out what the way back needs. The other control planes do without a minority of them.
 * @throws Error with what may be left out
 */
export function refuseLeavingOut(stack: string, machines: readonly UndoMachine[], leaveOut: readonly string[]): void {
  const refuse = (reason: string): never => {
    throw new Error(`cluster upgrade ${stack} --undo --leave-out ${leaveOut.join(", ")}: ${reason}`);
  };
  const names = machines.map(({ name }) => name);
  const unknown = leaveOut.filter((name) => !names.includes(name));
  if (unknown.length > 0) refuse(`${unknown.join(", ")} is no machine of it; allowed are ${names.join(", ")}`);
  const missing = explainMissingQuorum(selectControlPlanes(machines), leaveOut);
  if (missing !== undefined) refuse(missing);
}

/** A machine that did not say what it has, and why. */
export interface SilentMachine extends UndoMachine {
  readonly problem: string;
}

interface UndoSurvey {
  /** All machines of the cluster. */
  readonly machines: readonly UndoMachine[];
  readonly leaveOut: readonly string[];
  readonly silent: readonly SilentMachine[];
}

/** Explains that the way back has not started, and how it can. */
export function formatSilentMachines(stack: string, { machines, leaveOut, silent }: UndoSurvey): string {
  const absent = [...new Set([...leaveOut, ...silent.map(({ name }) => name)])];
  const missing = explainMissingQuorum(selectControlPlanes(machines), absent);
  const flags = absent.map((name) => ` --leave-out ${name}`).join("");
  const way =
    missing ??
    `what stays off can be left out, and is brought back later by the same command without it: ` +
      `./mixcpt cluster upgrade ${stack} --undo${flags}`;
  return [
    `cluster upgrade ${stack} --undo cannot start; nothing was changed`,
    ...machines
      .flatMap(({ name }) => silent.filter((machine) => machine.name === name))
      .map(({ problem }) => `  ${problem}`),
    way,
  ].join("\n");
}
