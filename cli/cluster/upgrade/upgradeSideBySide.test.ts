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
        await scheduler.waitFor(upgradeSideBySide(buildNodes(list), { atOnce, upgrade, print: jest.fn() }));
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
    await upgradeSideBySide(buildNodes(["worker", "controlPlane", "worker"]), { atOnce: 1, upgrade, print: jest.fn() });
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
    await expect(upgradeSideBySide(nodes.slice(0, 3), { atOnce: 3, upgrade, print: jest.fn() })).rejects.toThrow(
      "node-0 is broken\nnode-2 is broken",
    );
    await expect(upgradeSideBySide(nodes, { atOnce: 1, upgrade, print: jest.fn() })).rejects.toThrow(
      /^node-0 is broken$/,
    );
    expect(completed).toEqual(["node-1"]);
  });

  it("tell of a failure before the others, which may wait for hours, are completed", async () => {
    let complete: (() => void) | undefined;
    const upgrade = ({ name }: OutdatedNode) =>
      name === "node-0"
        ? Promise.reject(new Error("no space left"))
        : new Promise<void>((resolve) => void (complete = resolve));
    const failure = await new Promise((print) => {
      const upgraded = upgradeSideBySide(buildNodes(["worker", "worker"]), { atOnce: 2, upgrade, print });
      upgraded.catch(() => undefined);
    });
    expect(failure).toMatch(/^ {2}node-0: failed \(no space left\)/);
    complete?.();
  });
});
