import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import { parseAllDocuments, stringify } from "yaml";
import type { ControllerName } from "../../workspace/toolchain.ts";
import { stripDescriptions } from "./stripDescriptions.ts";
import type { GoSetName } from "./goPrograms.ts";
import { downloadGoModule, resolveProgramsFolder, readPinnedVersion } from "./goPrograms.ts";
import { controllerImages } from "./release/releaseTable.ts";
import type { TaskContext, SetupTask } from "./setupTask.ts";
import { hashCacheKey } from "./setupTask.ts";

/** A controller that is installed from the manifests of its Go module. */
interface ControllerSource {
  /** Files and folders of the module to include. */
  readonly resources: readonly string[];
  /** The image in the module's manifests: a staging build that is deleted after a month, or without a tag. */
  readonly image: string;
  readonly more?: Readonly<Record<string, unknown>>;
}

// Trainer's overlay also downloads JobSet from a release address; these are its other additions to the bases.
const trainerAdditions = {
  namespace: "kubeflow-system",
  secretGenerator: [
    { name: "kubeflow-trainer-webhook-cert", namespace: "kubeflow-system", options: { disableNameSuffixHash: true } },
  ],
};

const controllerSources: Record<ControllerName, ControllerSource> = {
  kueue: { resources: ["config/default"], image: "us-central1-docker.pkg.dev/k8s-staging-images/kueue/kueue" },
  jobset: { resources: ["config/default"], image: "us-central1-docker.pkg.dev/k8s-staging-images/jobset/jobset" },
  trainer: {
    resources: [
      "manifests/overlays/manager/namespace.yaml",
      "manifests/base/crds",
      "manifests/base/manager",
      "manifests/base/rbac",
      "manifests/base/webhook",
    ],
    image: "ghcr.io/kubeflow/trainer/trainer-controller-manager",
    more: trainerAdditions,
  },
};

/**
 * Renders the manifests of a controller from its Go module, at the pinned version unless another is given, into
 * `NAME.json` in the directory.
 */
export async function renderControllerManifests(
  name: ControllerName,
  { directory, run, reporter }: TaskContext,
  version?: string,
): Promise<void> {
  const { resources, image, more = {} } = controllerSources[name];
  const module = await downloadGoModule(name satisfies GoSetName, { run, reporter }, version);
  const buildFolder = resolve(directory, `${name}.kustomize`);
  mkdirSync(buildFolder);
  const kustomization = {
    resources: resources.map((folder) => relative(buildFolder, resolve(module, folder))),
    images: [{ name: image, newName: controllerImages[name], newTag: version ?? readPinnedVersion(name) }],
    // a release does not change; "Always" would query a registry even if the image is on the node
    patches: [
      {
        target: { kind: "Deployment" },
        patch: stringify([
          { op: "add", path: "/spec/template/spec/containers/0/imagePullPolicy", value: "IfNotPresent" },
        ]),
      },
    ],
    ...more,
  };
  writeFileSync(resolve(buildFolder, "kustomization.yaml"), stringify(kustomization));
  const kubectl = resolve(resolveProgramsFolder("kubectl"), "kubectl");
  const text = await run(kubectl, ["kustomize", "--load-restrictor=LoadRestrictionsNone", buildFolder]);
  const objects = parseAllDocuments(text).map((document) => stripDescriptions(document.toJS()));
  writeFileSync(resolve(directory, `${name}.json`), JSON.stringify(objects));
  rmSync(buildFolder, { recursive: true });
}

const controllerNames = Object.keys(controllerSources) as ControllerName[];

/** Defines the task that renders the manifests of the controllers as JSON lists of objects. */
export function defineManifestsTask(): SetupTask {
  const inputs = [JSON.stringify([controllerSources, controllerImages]), ...controllerNames.map(readPinnedVersion)];
  return {
    title: "manifests of Kueue, JobSet and Kubeflow Trainer",
    output: `manifests/${hashCacheKey("json", ...inputs)}`,
    minutes: 1,
    needsGo: true,
    build: async (directory, run, reporter) => {
      await Promise.all(controllerNames.map((name) => renderControllerManifests(name, { directory, run, reporter })));
    },
  };
}
