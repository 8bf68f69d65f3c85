/**
 * A separate program, `node printSnapshot.ts RUN < KUBECONFIG`: the namespace mixcpt as `explain` reads it, and the
 * reason why the TrainJob RUN waits. Jest cannot load the API client, which is an ES module.
 */
import { readFileSync } from "node:fs";
import { argv, stdin, stdout } from "node:process";
import { explainClientError } from "../../cli/kubernetes/apiErrors.ts";
import { createSnapshotReader } from "../../cli/kubernetes/snapshotReader.ts";
import { explainWaiting } from "../../cli/watch/waiting/explainWaiting.ts";

const [, , name = ""] = argv;
const kubeconfig = readFileSync(stdin.fd, "utf8");
const read = createSnapshotReader({ kubeconfig, namespace: "mixcpt" }, { allEvents: true });
const printed = await read().then(
  (snapshot) => ({ snapshot, reason: explainWaiting({ kind: "trainjob", name }, snapshot) }),
  (error: unknown) => ({ error: explainClientError("lab", error, kubeconfig) }),
);
stdout.write(JSON.stringify(printed));
