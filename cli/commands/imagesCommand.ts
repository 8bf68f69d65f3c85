import { Command, Option } from "commander";
import { completeImages } from "../../infra/clusterImages.ts";
import { callerDirectory } from "../../workspace/environment.ts";
import { readClusterConfig } from "../cluster/readClusterConfig.ts";
import { formatStackFileName, refuseUnknownStack } from "../engine/stackDeclarations.ts";
import { buildImages } from "../images/buildImages.ts";
import { runPush } from "../images/runPush.ts";
import { resolveKeyReference } from "../images/signingKey.ts";
import { requireSigningProgram } from "../images/signingPrograms.ts";
import { listUnsignedImages } from "../images/verifyImages.ts";
import { imageTargets } from "../setup/workImageRefs.ts";
import type { ImageTarget } from "../setup/workImageRefs.ts";
import { printLine } from "../terminal/printLine.ts";
import { runWithExitCode } from "../terminal/runWithExitCode.ts";
import { buildClusterStackArgument } from "./clusterCommands.ts";

function parseClusterStack(word: string): string {
  refuseUnknownStack("mixcpt-infra", word);
  return word;
}

/** Verifies the images that a cluster's file names, by the key of the file or another one. */
async function runVerify(stack: string, { key }: { readonly key?: string }): Promise<void> {
  const config = readClusterConfig(stack);
  const images = config.kind === "local" ? undefined : config.images;
  const publicKey = key === undefined ? images?.publicKey : resolveKeyReference("--key", key, callerDirectory);
  const file = formatStackFileName("mixcpt-infra", stack);
  if (config.kind === "local") throw new Error(`${file}: a cluster of kind local runs the images that setup built`);
  if (images === undefined)
    throw new Error(`${file}: names no images, so that setup's are used; ./mixcpt images push --cluster ${stack} does`);
  if (publicKey === undefined) throw new Error(`${file}: has no images.publicKey; add it, or name a key with --key`);
  const problems = await listUnsignedImages({ stack, images: completeImages(images), publicKey });
  if (problems.length > 0) throw new Error(problems.join("\n"));
  printLine(`${file}: ${publicKey} has signed every image`);
}

/** Runs cosign on this terminal, in the folder of the caller. */
async function runCosign(args: readonly string[]): Promise<void> {
  process.exitCode = await runWithExitCode(requireSigningProgram("cosign"), args, { cwd: callerDirectory });
}

function buildTargetOption(): Option {
  return new Option("--target <target>", "what the images run on: CPUs, or AMD GPUs on the vendors' images")
    .choices(imageTargets)
    .default("cpu" satisfies ImageTarget);
}

export function buildImagesCommand(): Command {
  return new Command("images")
    .enablePositionalOptions()
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
        .option(
          "--sign <key>",
          "sign images and bills of materials: a file, or a URI as cosign takes it, of a private key",
        )
        .option("--no-sbom", "put no bill of materials beside the images")
        .action(runPush),
    )
    .addCommand(
      new Command("verify")
        .description("verify the signatures of the images that a cluster's file names")
        .addArgument(buildClusterStackArgument())
        .option("--key <key>", "the public key, as cosign takes it (default: images.publicKey of the file)")
        .action(runVerify),
    )
    .addCommand(
      new Command("cosign")
        .description("run the cosign that signs and verifies, for example: images cosign generate-key-pair")
        .argument("[arguments...]", "arguments of cosign")
        .allowUnknownOption()
        .helpOption(false)
        .passThroughOptions()
        .action(runCosign),
    );
}
