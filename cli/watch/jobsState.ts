import { computeDataJobState } from "./dataStage.ts";
import type { GridState } from "./gridState.ts";
import type { ClusterSnapshot } from "./snapshot.ts";

/** The state of a stack without cells: what it makes is all that it has, and each of its jobs counts alike. */
export const computeJobsState = (names: readonly string[], snapshot: ClusterSnapshot, kubectl: string): GridState => {
  const data = names.map((name) => computeDataJobState(name, snapshot, kubectl));
  const percent = (100 * data.reduce((sum, { fraction }) => sum + fraction, 0)) / Math.max(1, data.length);
  return { cells: [], bases: [], data, percent, eta: null };
};
