import { clusterReader } from "./cluster.ts";
import { gridDisplay, lineDisplay } from "./display.ts";
import { watchLoop, type Outcome } from "./loop.ts";
import type { WatchedStack } from "./snapshot.ts";

export interface WatchOptions {
  /** Content of a kubeconfig. */
  readonly kubeconfig: string;
  readonly namespace: string;
  readonly stack: string;
  readonly submitted: WatchedStack;
  /** Ends the watch, not the cells. */
  readonly signal: AbortSignal;
  readonly output: NodeJS.WriteStream;
}

const every = 2000;
const exitCodes: Record<Outcome, number> = { done: 0, failed: 1, interrupted: 130 };

/**
 * Shows the cells until all of them are done or failed: a grid that redraws itself on a terminal, else a line per change.
 * Returns the exit code: 0 all done, 1 some failed, 130 ended by the signal.
 */
export const watch = async ({ kubeconfig, namespace, stack, submitted, signal, output }: WatchOptions): Promise<number> => {
  const display = output.isTTY ? gridDisplay(output, stack) : lineDisplay(output, () => new Date());
  const result = await watchLoop({ submitted, namespace, read: clusterReader({ kubeconfig, namespace }), display, signal, every });
  display.end();
  if (result === "interrupted") output.write(`Still running; watch again with: ./mixcpt watch ${stack}\n`);
  return exitCodes[result];
};
