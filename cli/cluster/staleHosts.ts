/** The traces of a stack's local hosts that exist before `up`. */
interface HostRemains {
  /** True if Pulumi has a state of the stack. */
  readonly hasState: boolean;
  readonly hasBridge: boolean;
  /** For each host with traces, true if its systemd runs. A declared host without traces is new. */
  readonly alive: readonly boolean[];
}

/** True if `up` cannot continue with the existing hosts: one is dead, or state and machine do not match. */
export function needsHostCleanup({ hasState, hasBridge, alive }: HostRemains): boolean {
  if (alive.includes(false)) return true;
  return hasState ? !hasBridge : hasBridge || alive.length > 0;
}
