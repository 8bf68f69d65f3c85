import type { SetupScope } from "../setup/scopeNeeds.ts";

/** A cluster on which the demo runs. */
export interface DemoTarget {
  /** The name of its stack of infra/, and of the stack of the experiments. */
  readonly stack: string;
  readonly scope: SetupScope;
  /** What is printed before the cluster is brought up. */
  readonly title: string;
  /** Makes what `cluster up` needs, after setup. */
  readonly prepare: () => Promise<void>;
  /** True for hosts of this machine, for which the project has aims. */
  readonly isLocal: boolean;
  /** What is printed at the end. */
  readonly next: string;
}

/** The options of the command. */
export interface DemoFlags {
  readonly on?: "existing" | "kind";
  readonly context?: string;
  readonly registry?: string;
  readonly store?: string;
  /** True if the user has confirmed on the command line that the cluster changes. */
  readonly yes?: boolean;
}
