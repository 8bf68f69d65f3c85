import { deleteRuns } from "./deleteAll.ts";
import type { FailedRun } from "./failed.ts";

const buildFailedRun = (name: string, cell?: string) => ({ kind: "job", name, cell }) as FailedRun;

describe("failed runs that are taken off the cluster", () => {
  it("go each by itself: one that stays keeps no other from going, and is told with why", async () => {
    const gone: string[] = [];
    const remove = async ({ name }: FailedRun): Promise<void> => {
      if (name.startsWith("held")) throw new Error("is still being deleted");
      gone.push(name);
    };
    expect(await deleteRuns([buildFailedRun("held-1", "Tiny-Mono-Alt"), buildFailedRun("a"), buildFailedRun("held-2"), buildFailedRun("b")], remove)).toEqual([
      "  Tiny-Mono-Alt: is still being deleted",
      "  held-2: is still being deleted",
    ]);
    expect(gone).toEqual(["a", "b"]);
  });
});
