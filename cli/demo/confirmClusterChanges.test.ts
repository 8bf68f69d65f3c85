import { confirmChange } from "../terminal/confirmRemoval.ts";
import { printLine } from "../terminal/printLine.ts";
import { confirmClusterChanges } from "./confirmClusterChanges.ts";
import type { DemoClusterChoices } from "./demoStackFiles.ts";

jest.mock("../terminal/confirmRemoval.ts");
jest.mock("../terminal/printLine.ts");

const choices: DemoClusterChoices = {
  file: "/home/me/.kube/config",
  context: "lab",
  server: "https://10.0.0.1:6443",
  store: { kind: "path", path: "/lustre/mixcpt" },
  nodes: ["node-1", "node-2"],
  controllers: "published",
};

/** Returns what was printed before the question. */
async function confirm(controllers: DemoClusterChoices["controllers"]): Promise<string[]> {
  const lines: string[] = [];
  jest.mocked(printLine).mockImplementation((line) => void lines.push(line));
  jest.mocked(confirmChange).mockImplementation(({ command, yes }) => {
    lines.push(`asks for ${command}, yes: ${String(yes)}`);
    return Promise.resolve();
  });
  await confirmClusterChanges({ ...choices, controllers }, { command: "demo --on existing", yes: false });
  return lines;
}

describe("the demo on a cluster that exists", () => {
  it("prints the server, the context, the nodes and the controllers before it asks", async () => {
    expect(await confirm("published")).toEqual([
      "demo --on existing changes the cluster at https://10.0.0.1:6443, context lab of /home/me/.kube/config:",
      "  nodes that report emulated GPUs: node-1, node-2",
      "  Kueue, JobSet and Kubeflow Trainer: installed or updated at the published versions, for the whole cluster",
      "  the namespace mixcpt: queues, jobs and the store of the experiments",
      "asks for demo --on existing, yes: false",
    ]);
  });

  it("says that it leaves the cluster's controllers unchanged", async () => {
    expect((await confirm("installed"))[2]).toContain("those of the cluster, which stay unchanged");
  });
});
