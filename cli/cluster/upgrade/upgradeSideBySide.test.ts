import fc from "fast-check";
import type { OutdatedNode } from "./upgradeSideBySide.ts";
import { upgradeSideBySide } from "./upgradeSideBySide.ts";

const roles = fc.array(fc.constantFrom<OutdatedNode["role"]>("worker", "controlPlane"), { maxLength: 12 });

function buildNodes(list: readonly OutdatedNode["role"][]): OutdatedNode[] {
  return list.map((role, index) => ({ name: `node-${String(index)}`, role }));
}

describe("nodes that are upgraded side by side", () => {
  it("are each upgraded once, never more than asked for at a time, and control planes one after another", async () => {
    await fc.assert(
      fc.asyncProperty(roles, fc.integer({ min: 1, max: 5 }), fc.scheduler(), async (list, atOnce, scheduler) => {
        const open: OutdatedNode[] = [];
        const done: string[] = [];
        const upgrade = async (node: OutdatedNode) => {
          open.push(node);
          expect(open.length).toBeLessThanOrEqual(atOnce);
          expect(open.filter(({ role }) => role === "controlPlane").length).toBeLessThanOrEqual(1);
          await scheduler.schedule(Promise.resolve(), node.name);
          open.splice(open.indexOf(node), 1);
          done.push(node.name);
        };
        await scheduler.waitFor(upgradeSideBySide(buildNodes(list), { atOnce, upgrade }));
        expect(done.sort()).toEqual(
          buildNodes(list)
            .map(({ name }) => name)
            .sort(),
        );
      }),
    );
  });

  it("are begun in their order if one is upgraded at a time", async () => {
    const begun: string[] = [];
    const upgrade = ({ name }: OutdatedNode) => Promise.resolve(void begun.push(name));
    await upgradeSideBySide(buildNodes(["worker", "controlPlane", "worker"]), { atOnce: 1, upgrade });
    expect(begun).toEqual(["node-0", "node-1", "node-2"]);
  });

  it("are completed after a failure of another, but no other is begun, and all failures are reported", async () => {
    const completed: string[] = [];
    const upgrade = async ({ name }: OutdatedNode) => {
      await Promise.resolve();
      if (name !== "node-1") throw new Error(`${name} is broken`);
      completed.push(name);
    };
    const nodes = buildNodes(["worker", "worker", "worker", "worker"]);
    await expect(upgradeSideBySide(nodes.slice(0, 3), { atOnce: 3, upgrade })).rejects.toThrow(
      "node-0 is broken\nnode-2 is broken",
    );
    await expect(upgradeSideBySide(nodes, { atOnce: 1, upgrade })).rejects.toThrow(/^node-0 is broken$/);
    expect(completed).toEqual(["node-1"]);
  });
});
