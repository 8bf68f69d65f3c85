import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import { parseAllDocuments, stringify } from "yaml";
import type { ControllerName } from "../../infra/software.ts";
import { withoutDescriptions } from "./descriptions.ts";
import type { GoSet } from "./goPrograms.ts";
import { moduleDirectory, programsOf, versionOf } from "./goPrograms.ts";
import type { Run } from "./runLogged.ts";
import type { Step } from "./step.ts";
import { keyOf } from "./step.ts";

/** A controller that is installed from the manifests of its own Go module. */
interface Controller {
  /** Folders of the module to take. */
  resources: readonly string[];
  /** Image in the module's manifests: of a build that is gone after a month, or without a tag. */
  image: string;
  /** Where the project publishes its releases; the tag is the module's version. */
  published: string;
  more?: Readonly<Record<string, unknown>>;
}

// Trainer's own overlay also fetches JobSet from a release address; what it adds to its bases stands here.
const trainer = {
  namespace: "kubeflow-system",
  secretGenerator: [{ name: "kubeflow-trainer-webhook-cert", namespace: "kubeflow-system", options: { disableNameSuffixHash: true } }],
};

const controllers: Record<ControllerName, Controller> = {
  kueue: { resources: ["config/default"], image: "us-central1-docker.pkg.dev/k8s-staging-images/kueue/kueue", published: "registry.k8s.io/kueue/kueue" },
  jobset: { resources: ["config/default"], image: "us-central1-docker.pkg.dev/k8s-staging-images/jobset/jobset", published: "registry.k8s.io/jobset/jobset" },
  trainer: {
    resources: ["manifests/overlays/manager/namespace.yaml", "manifests/base/crds", "manifests/base/manager", "manifests/base/rbac", "manifests/base/webhook"],
    image: "ghcr.io/kubeflow/trainer/trainer-controller-manager",
    published: "ghcr.io/kubeflow/trainer/trainer-controller-manager",
    more: trainer,
  },
};

async function render(name: ControllerName, { directory, run }: { directory: string; run: Run }): Promise<void> {
  const { resources, image, published, more = {} } = controllers[name];
  const module = await moduleDirectory(name satisfies GoSet, run);
  const build = resolve(directory, `${name}.kustomize`);
  mkdirSync(build);
  const kustomization = {
    resources: resources.map((folder) => relative(build, resolve(module, folder))),
    images: [{ name: image, newName: published, newTag: versionOf(name) }],
    // a release does not change; "Always" would ask a registry even where the image is on the node
    patches: [{ target: { kind: "Deployment" }, patch: stringify([{ op: "add", path: "/spec/template/spec/containers/0/imagePullPolicy", value: "IfNotPresent" }]) }],
    ...more,
  };
  writeFileSync(resolve(build, "kustomization.yaml"), stringify(kustomization));
  const kubectl = resolve(programsOf("kubectl"), "kubectl");
  const text = await run(kubectl, ["kustomize", "--load-restrictor=LoadRestrictionsNone", build]);
  const objects = parseAllDocuments(text).map((document) => withoutDescriptions(document.toJS()));
  writeFileSync(resolve(directory, `${name}.json`), JSON.stringify(objects));
  rmSync(build, { recursive: true });
}

const names = Object.keys(controllers) as ControllerName[];

export const manifestsStep = (): Step => ({
  title: "manifests of Kueue, JobSet and Kubeflow Trainer",
  output: `manifests/${keyOf("json", JSON.stringify(controllers), ...names.map(versionOf))}`,
  minutes: 1,
  make: async (directory, run) => {
    for (const name of names) await render(name, { directory, run });
  },
});
