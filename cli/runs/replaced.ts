import type { EngineEvent, Stack } from "@pulumi/pulumi/automation/index.js";
import type { ActiveTraining } from "./begun.ts";

const readResourceName = (urn: string): string => urn.split("::").at(-1) ?? urn;

/** Trainings that are in an engine's preview as resources to be deleted: their cells have other inputs now, or are gone. */
export async function findReplacedTrainings(stack: Stack, begun: readonly ActiveTraining[]): Promise<ActiveTraining[]> {
  if (begun.length === 0) return []; // a preview takes as long as an `up` that changes nothing
  const deleted = new Set<string>();
  const recordDeletion = ({ resourcePreEvent }: EngineEvent): void => {
    if (resourcePreEvent?.metadata.op.startsWith("delete") === true) deleted.add(readResourceName(resourcePreEvent.metadata.urn));
  };
  await stack.preview({ onEvent: recordDeletion, suppressProgress: true, parallel: 32 });
  return begun.filter(({ name }) => deleted.has(name));
}

/** @throws Error that lists them, with both ways on */
export function refuseReplacement(replaced: readonly ActiveTraining[], stack: string): void {
  if (replaced.length === 0) return;
  const lines = replaced.map(({ cell, name }) => `  ${cell} (${name})`);
  const many = replaced.length === 1 ? "a training that has begun and whose" : `${String(replaced.length)} trainings that have begun and whose`;
  throw new Error([
    `up ${stack} would end ${many} inputs are others now:`,
    ...lines,
    `./mixcpt preview ${stack} shows what differs; ./mixcpt up ${stack} --replace-running ends them and begins anew`,
  ].join("\n"));
}
