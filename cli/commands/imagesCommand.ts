import { readFileSync, writeFileSync } from "node:fs";
import { Command, Option } from "commander";
import type { ImageRefs } from "../../jobs/kube/clusterOutputs.ts";
import { replaceImages, resolveStackPath } from "../demo/demoStackFiles.ts";
import { parseRegistryAddress } from "../demo/registryAddress.ts";
import { buildRegistryDelivery } from "../demo/registryDelivery.ts";
import { formatStackFileName, refuseUnknownStack } from "../engine/stackDeclarations.ts";
import { buildImages } from "../images/buildImages.ts";
import { pushImages } from "../images/pushImages.ts";
import { imageTargets } from "../setup/workImageRefs.ts";
import type { ImageTarget } from "../setup/workImageRefs.ts";
import { printLine } from "../terminal/printLine.ts";

interface PushFlags {
  readonly target: ImageTarget;
  readonly registry: string;
  readonly cluster?: string;
}

function parseClusterStack(word: string): string {
  refuseUnknownStack("mixcpt-infra", word);
  return word;
}

/** Names the images in a cluster's file, or prints them for one. */
function recordImages(images: ImageRefs, cluster: string | undefined): void {
  if (cluster === undefined) {
    for (const line of ["images:", ...Object.entries(images).map(([name, image]) => `  ${name}: ${image}`)])
      printLine(line);
    return;
  }
  const file = resolveStackPath("mixcpt-infra", cluster);
  writeFileSync(file, replaceImages(readFileSync(file, "utf8"), images));
  printLine(`${formatStackFileName("mixcpt-infra", cluster)} names the images by digest; next: cluster up ${cluster}`);
}

async function runPush({ target, registry, cluster }: PushFlags): Promise<void> {
  const delivery = buildRegistryDelivery(parseRegistryAddress(registry));
  await buildImages(target);
  recordImages(await pushImages(target, delivery), cluster);
}

function buildTargetOption(): Option {
  return new Option("--target <target>", "what the images run on: CPUs, or AMD GPUs on the vendors' images")
    .choices(imageTargets)
    .default("cpu" satisfies ImageTarget);
}

export function buildImagesCommand(): Command {
  return new Command("images")
    .addCommand(
      new Command("build")
        .description("build the images and check them: imports as the pods' user, and the 36 recipes")
        .addOption(buildTargetOption())
        .action(({ target }: { target: ImageTarget }) => buildImages(target)),
    )
    .addCommand(
      new Command("push")
        .description("build and check the images, push them, and name them by digest in a cluster's file")
        .addOption(buildTargetOption())
        .requiredOption("--registry <registry>", "HOST[:PORT]/PATH; http:// before it for plain HTTP")
        .addOption(
          new Option("--cluster <stack>", "the cluster whose file names the images (default: print them)").argParser(
            parseClusterStack,
          ),
        )
        .action(runPush),
    );
}
