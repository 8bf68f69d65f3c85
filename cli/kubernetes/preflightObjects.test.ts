import type { V1Node } from "@kubernetes/client-node";
import { quarantineTaint } from "../../jobs/kube/quarantine.ts";
import { advertisesDevices, isTaintable } from "./preflightObjects.ts";

const nodes: Record<string, V1Node> = {
  working: { status: { capacity: { "amd.com/gpu": "8" } } },
  failing: { status: { capacity: { "amd.com/gpu": "0" } } },
  repaired: {
    spec: { taints: [{ key: quarantineTaint, value: "operator", effect: "NoSchedule" }] },
    status: { capacity: {} },
  },
  login: { status: { capacity: { cpu: "8" } } },
};

function listNodes(isListed: (node: V1Node) => boolean): string[] {
  return Object.keys(nodes).filter((name) => isListed(nodes[name] ?? {}));
}

describe("a node whose GPUs are not reported", () => {
  it("can be put into quarantine and released, but is not tested", () => {
    expect(listNodes(isTaintable)).toEqual(["working", "failing", "repaired"]);
    expect(listNodes(advertisesDevices)).toEqual(["working"]);
  });
});
