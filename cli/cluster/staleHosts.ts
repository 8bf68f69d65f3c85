/** What is there of the local hosts of a stack before `up`. */
export interface HostRemains {
  /** Pulumi has a state of the stack. */
  readonly stated: boolean;
  readonly bridge: boolean;
  /** For each host of which anything is left, whether its systemd runs. A host that is declared and left no trace is new. */
  readonly alive: readonly boolean[];
}

/** True where `up` cannot go on from what is there: a host is dead, or state and machine know nothing of each other. */
export function needsHostCleanup({ stated, bridge, alive }: HostRemains): boolean {
  if (alive.includes(false)) return true;
  return stated ? !bridge : bridge || alive.length > 0;
}
