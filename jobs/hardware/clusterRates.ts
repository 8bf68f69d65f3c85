/** Origins of a figure in an estimate, those that win first. */
export const rateSources = ["configured", "measured", "preset", "assumed"] as const;
type RateSource = (typeof rateSources)[number];

/** A rate of a cluster, and its origin. */
export interface ClusterRate {
  readonly value: number;
  readonly from: RateSource;
  /** Time of the oldest measurement, in ISO 8601; only if it was measured. */
  readonly since?: string;
  /** The figure that a measured one replaces. */
  readonly replaced?: number;
}

/** The rate at which nodes write to the store while a number of them do so at the same time. */
export interface StoreWrites {
  readonly writers: number;
  /** MB/s of each node, of the slowest one. */
  readonly nodeMBs: number;
}

/** Figures of a cluster that `preflight` measured; those that no check gave are omitted. */
export interface MeasuredRates {
  /** bf16 TFLOPS of the slowest device. */
  readonly tflops?: number;
  /** Bus bandwidth of an all-reduce in a node, in GB/s, of the slowest node. */
  readonly inNodeGBs?: number;
  /** Bus bandwidth of an all-reduce over two nodes, in GB/s, of the slowest pair: what a node sends to the other. */
  readonly betweenNodesGBs?: number;
  /** Rates of the store, one for each number of nodes that were tested together. */
  readonly storeWrites?: readonly StoreWrites[];
  /** Time of the oldest result, in ISO 8601. */
  readonly since: string;
}

/**
 * Selects the measurements that hold for a cell. All devices of a node took part in those of links and network, so
 * they say nothing of cells that use fewer.
 */
export function selectCellRates(
  measured: MeasuredRates,
  cluster: { readonly devicesPerNode: number },
  cell: { readonly devicesPerNode: number },
): MeasuredRates {
  if (cell.devicesPerNode === cluster.devicesPerNode) return measured;
  const { tflops, storeWrites, since } = measured;
  return { ...(tflops !== undefined && { tflops }), ...(storeWrites !== undefined && { storeWrites }), since };
}

type RateName = Exclude<keyof MeasuredRates, "since" | "storeWrites">;

/** Returns a measured rate; undefined if it was not measured. */
export function findMeasuredRate(measured: MeasuredRates | undefined, name: RateName): ClusterRate | undefined {
  const value = measured?.[name];
  return measured === undefined || value === undefined ? undefined : { value, from: "measured", since: measured.since };
}

/** Returns the measured rate with the one that it replaces, or that one if nothing was measured. */
export function preferMeasuredRate(measured: ClusterRate | undefined, otherwise: ClusterRate): ClusterRate {
  return measured === undefined ? otherwise : { ...measured, replaced: otherwise.value };
}
