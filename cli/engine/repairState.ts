import { hasOtherBackend, pulumiStateDirectory, resolveStateFile } from "./backend.ts";
import type { ProjectName } from "./stackDeclarations.ts";
import { removeStaleLocks } from "./stackLocks.ts";
import { removeTruncatedRecords, restoreTruncatedState } from "./stackState.ts";

/** Repairs what a kill or a failed machine has left of a stack in the state of this checkout. */
export function repairState(project: ProjectName, stack: string): void {
  if (hasOtherBackend()) return;
  removeStaleLocks(project, stack);
  removeTruncatedRecords(pulumiStateDirectory);
  restoreTruncatedState(resolveStateFile(project, stack));
}
