/** What a machine has from before an upgrade. */
export interface UndoState {
  readonly name: string;
  readonly isControlPlane: boolean;
  /** False on a machine that this stack has claimed, but could not make a node. */
  readonly hasJoined: boolean;
  /** The version of the upgrade that can be undone; absent if there was none, or if it has been undone. */
  readonly target?: string | undefined;
  /** The version of the last upgrade that has been undone. */
  readonly undone?: string | undefined;
  /** True if the upgrade has changed the machine. */
  readonly isChanged: boolean;
  /** The time of the snapshot of etcd, on a control plane. */
  readonly snapshot?: string | undefined;
  /** The checksum of that snapshot: control planes of different ones are not one etcd. */
  readonly digest?: string | undefined;
}

/** Reads the output of infra/cluster/scripts/find-undo.sh. */
export function parseUndoState(output: string, host: Pick<UndoState, "name" | "isControlPlane">): UndoState {
  const find = (word: string) => new RegExp(`^${word} (.*)$`, "m").exec(output)?.[1];
  return {
    ...host,
    hasJoined: /^joined$/m.test(output),
    target: find("target"),
    undone: find("undone"),
    isChanged: find("kept") !== undefined,
    snapshot: find("snapshot"),
    digest: find("digest"),
  };
}

/** What the way back does: first the workers, then all control planes at the same time. */
export interface UndoPlan {
  /** The version of the upgrade. */
  readonly target: string;
  readonly workers: readonly string[];
  readonly controlPlanes: readonly string[];
  /** The control planes that are back already, by an earlier call. */
  readonly restored: readonly string[];
  readonly snapshot: string | undefined;
}

function formatWayBack({ name, target, undone, digest }: UndoState): string {
  const way = target === undefined ? `went back from ${String(undone)}` : `back from ${target}`;
  const version = target ?? undone;
  const snapshot = digest === undefined ? "" : `, snapshot ${digest}`;
  return `  ${name}: ${version === undefined ? "nothing from before an upgrade" : `${way}${snapshot}`}`;
}

/** Says how to go on where control planes have something from before different upgrades. */
function formatDifferentPlanes(stack: string, planes: readonly UndoState[]): string {
  const command = `./mixcpt cluster upgrade ${stack}`;
  const begun = planes.filter(({ target, isChanged }) => target !== undefined && !isChanged);
  return [
    `cluster upgrade ${stack} --undo: the control planes have no common way back; nothing was changed`,
    ...planes.map(formatWayBack),
    ...(begun.length > 0 ? [`if an upgrade was interrupted as it began, continue it: ${command}`] : []),
    `a control plane that was made or replaced after the upgrade: ${command} --undo --leave-out NAME brings back the ` +
      "others; then replace it (docs/hosts.md, Three control planes)",
  ].join("\n");
}

/**
 * Plans the way back from the last upgrade of the control planes. A worker that has something from before another
 * upgrade was left out of the last one.
 * @throws Error if there is none, or if the control planes differ
 */
export function planUndo(stack: string, states: readonly UndoState[]): UndoPlan {
  const planes = states.filter(({ isControlPlane }) => isControlPlane);
  const targets = new Set(planes.map(({ target, undone }) => target ?? undone));
  const [target] = targets;
  if (targets.size > 1) throw new Error(formatDifferentPlanes(stack, planes));
  const pending = states.filter((state) => target !== undefined && state.target === target);
  const restored = planes.filter((state) => state.target === undefined && state.undone !== undefined);
  const select = (isControlPlane: boolean) =>
    pending.filter((state) => state.isControlPlane === isControlPlane).map(({ name }) => name);
  const controlPlanes = select(true);
  // One that the upgrade had not changed has the etcd of before the way back, until it follows the others.
  const mustFollow = controlPlanes.length > 0 && restored.length > 0;
  if (target === undefined || !(mustFollow || pending.some(({ isChanged }) => isChanged)))
    throw new Error(
      `cluster upgrade ${stack} --undo: nothing to undo; no machine has been changed by an upgrade` +
        (target === undefined ? "" : ` to ${target}, or all have been brought back`),
    );
  // The next upgrade to the same version takes another snapshot, and may have ended before all control planes had it.
  if (controlPlanes.length > 0 && new Set(planes.map(({ digest }) => digest)).size > 1)
    throw new Error(formatDifferentPlanes(stack, planes));
  return {
    target,
    workers: select(false),
    controlPlanes,
    restored: restored.map(({ name }) => name),
    snapshot: planes.find(({ snapshot }) => snapshot !== undefined)?.snapshot,
  };
}

function formatRestore({ restored, snapshot }: UndoPlan): string[] {
  return restored.length > 0
    ? [`and the objects of ${restored.join(", ")}, which went back before`]
    : [
        `and the objects of the snapshot of ${snapshot ?? "an unknown time"}`,
        "  what happened in the cluster since is lost; corpora, checkpoints and scores in the store stay",
      ];
}

/** Lists what the way back will do, line by line. */
export function formatUndoPlan(stack: string, plan: UndoPlan): string[] {
  const { target, workers, controlPlanes } = plan;
  const [objects, ...loss] = formatRestore(plan);
  return [
    `cluster upgrade ${stack} --undo, back from ${target}:`,
    ...(workers.length > 0 ? [`  ${workers.join(", ")}: the earlier programs; pods run on`] : []),
    ...(controlPlanes.length > 0
      ? [`  ${controlPlanes.join(", ")}: the earlier programs, ${String(objects)}`, ...loss]
      : []),
  ];
}
