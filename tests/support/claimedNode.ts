import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Writes a state of the cluster lab with a node that its file may not name, and a Pulumi that shows that state. */
export function recordClaimedNode(directory: string, name: string): void {
  const deployment = {
    resources: [
      { urn: `urn::node-${name}-claim`, type: "command", inputs: { environment: { NODE_NAME: name, HOST: name } } },
    ],
  };
  const programs = join(directory, ".mixcpt/bin");
  const manifests = { kueue: "", jobset: "", trainer: "" };
  const files = {
    ".mixcpt/software.json": JSON.stringify({ programs: [programs], manifests }),
    ".mixcpt/pulumi/.pulumi/stacks/mixcpt-infra/lab.json": "{}",
    ".mixcpt/state.json": JSON.stringify({ version: 3, deployment }),
    ".mixcpt/bin/pulumi": `#!/bin/sh
case "$1 $2" in
  "version "*) echo v3.259.0 ;;
  "stack export") cat "${directory}/.mixcpt/state.json" ;;
esac
`,
  };
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    writeFileSync(join(directory, file), content);
  }
  chmodSync(join(programs, "pulumi"), 0o755);
}
