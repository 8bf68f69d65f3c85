import { loadAll } from "js-yaml";
import type { Log } from "../protocol/log.ts";
import { NotReady } from "../protocol/provider.ts";
import type { CheckRequest, CheckResult, CreateRequest, Provider, UpdateRequest } from "../protocol/provider.ts";
import { hasUnknown, textAt } from "../protocol/values.ts";
import type { Path, Properties, Unwrapped, Value } from "../protocol/values.ts";
import { Unready, awaitReady, timeoutOf } from "./await.ts";
import { Cluster, withNamespace } from "./cluster.ts";
import { difference } from "./difference.ts";
import { idOf, kindOf, parseId, refusal } from "./kind.ts";
import { manifestOf, recordOf, withSecrets } from "./manifest.ts";
import { withName } from "./names.ts";
import { readObject } from "./refresh.ts";
import { settingChanges, settingFailures, settingsOf } from "./settings.ts";
import { createObject, deleteObject, updateObject, validate } from "./write.ts";
import type { Write, Written } from "./write.ts";

/** The Kubernetes provider: objects of any kind, written by server-side apply. */
export function kubernetesProvider(log: Log): Provider {
  const stop = new AbortController();
  let cluster = new Cluster(settingsOf({}, ""), stop.signal, log);
  return {
    checkConfig: settingFailures,
    diffConfig: settingChanges,
    async configure(args, id) {
      cluster = new Cluster(settingsOf(args, id), stop.signal, log);
    },
    check: (request) => check(cluster, request),
    diff: (request) => difference(cluster, request),
    create: (request) => create(cluster, request),
    update: (request) => update(cluster, request),
    read: (request) => readObject(cluster, request),
    async delete({ id, urn, type, inputs, outputs, timeout }) {
      const identity = { ...kindOf(inputs.value, type), ...parseId(id) };
      const uid = textAt(outputs.value, "metadata", "uid");
      await deleteObject(cluster, { urn, identity, inputs: inputs.value, uid, timeout: timeoutOf(inputs.value, timeout) });
    },
    async invoke(token, args) {
      if (token === "kubernetes:yaml:decode") return { result: decodeYaml(args) };
      throw new Error(`the stand-in for the Kubernetes plugin does not know the function ${token}; it knows kubernetes:yaml:decode.`);
    },
    cancel: () => stop.abort(),
  };
}

async function check(cluster: Cluster, request: CheckRequest): Promise<CheckResult> {
  const { type, news, olds } = request;
  const reason = refusal(type, news.value);
  if (reason !== undefined) return { inputs: news, failures: [{ property: "kind", reason }] };
  const named = withName(news.value, olds?.value, request);
  const inputs = withSecrets(await withNamespace(named, type, cluster), news.secrets);
  const generates = textAt(news.value, "metadata", "generateName") !== "";
  const failures = generates ? [{ property: "metadata.generateName", reason: "server-side apply needs a name: set metadata.name, or neither." }] : [];
  return { inputs, failures };
}

function writeOf({ urn, type, timeout }: CreateRequest | UpdateRequest, inputs: Unwrapped, manager: string): Write {
  return { urn, type, manifest: manifestOf(inputs.value), manager, timeout: timeoutOf(inputs.value, timeout) };
}

async function create(cluster: Cluster, request: CreateRequest) {
  const { inputs, preview } = request;
  const write = writeOf(request, inputs, cluster.managerOf(request.urn, inputs.value));
  if (preview) {
    if (!hasUnknown(inputs.value)) await validate(cluster, write);
    return { id: "", outputs: inputs };
  }
  return finish(cluster, inputs, { write, written: await createObject(cluster, write) });
}

async function update(cluster: Cluster, request: UpdateRequest): Promise<Unwrapped> {
  const { news, oldOutputs, preview } = request;
  if (preview) return news;
  const write = writeOf(request, news, cluster.managerOf(request.urn, news.value, oldOutputs.value));
  return (await finish(cluster, news, { write, written: await updateObject(cluster, write) })).outputs;
}

/** Waits for readiness. What was made is recorded even when it does not become ready. */
async function finish(cluster: Cluster, inputs: Unwrapped, { write, written }: { write: Write; written: Written }) {
  const { identity, live } = written;
  const id = idOf(identity);
  const outputs = (object: Properties, secrets: Path[]) => withSecrets(recordOf(object, write.manager), secrets);
  try {
    const ready = await awaitReady(cluster, { identity, inputs: write.manifest, live, timeout: write.timeout, urn: write.urn });
    return { id, outputs: outputs(ready, inputs.secrets) };
  } catch (error) {
    const seen = error instanceof Unready ? error.live : live;
    const message = error instanceof Error ? error.message : String(error);
    throw new NotReady(message, { id, inputs, outputs: outputs(seen, inputs.secrets) });
  }
}

/** The objects in a YAML text, empty documents left out; `defaultNamespace` is left to the caller, as in the vendor's plugin. */
function decodeYaml(args: Properties): Value[] {
  const text = textAt(args, "text");
  const documents: unknown[] = [];
  loadAll(text, (document) => documents.push(document));
  return documents.filter((document) => document !== null && document !== undefined) as Value[];
}
