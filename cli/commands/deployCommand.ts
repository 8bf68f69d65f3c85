import { resolve } from "node:path";
import { Command } from "commander";
import { buildChildEnvironment, checkoutDirectory } from "../../workspace/environment.ts";
import type { DeletedStackFile } from "../deploy/deletedStackFiles.ts";
import { formatDeletedStack } from "../deploy/deletedStackFiles.ts";
import {
  findStackCluster,
  listDeployedClusters,
  listDeployedStacks,
  listOrderedStacks,
} from "../deploy/deployedStacks.ts";
import type { DeploymentPlan } from "../deploy/deploymentPlan.ts";
import { planDeployment } from "../deploy/deploymentPlan.ts";
import { renderDriftReport } from "../deploy/driftReport.ts";
import { detectDrift } from "../deploy/detectDrift.ts";
import { listRecordedLeavingNodes, listRecordedOwners, listStacksToRemove } from "../deploy/recordedObjects.ts";
import type { OperatorSource } from "../deploy/operatorStacks.ts";
import { buildOperatorStacks, isPulumiCloud } from "../deploy/operatorStacks.ts";
import { removeStacks } from "../deploy/removeStacks.ts";
import { runDeployment } from "../deploy/runDeployment.ts";
import { formatThreeDigits } from "../plan/formatNumbers.ts";
import { exceedsLimit } from "../preview/approvalLimit.ts";
import { formatYaml } from "../render/formatYaml.ts";
import { readPinnedVersion } from "../setup/goPrograms.ts";
import { printLine } from "../terminal/printLine.ts";
import { runWithExitCode } from "../terminal/runWithExitCode.ts";
import { parseGpuHours } from "./previewCommand.ts";

/** Tells scripts that an approval is missing, or that clusters differ from their state. */
const attentionExitCode = 2;

function callCommand(words: readonly string[]): Promise<number> {
  printLine(`\n./mixcpt ${words.join(" ")}`);
  return runWithExitCode(resolve(checkoutDirectory, "mixcpt"), words, { cwd: checkoutDirectory });
}

async function planFromState(removed: readonly DeletedStackFile[]): Promise<DeploymentPlan> {
  const experiments = removed.filter(({ project }) => project === "mixcpt");
  const owners = await Promise.all(experiments.map(({ stack }) => listRecordedOwners(stack)));
  return planDeployment({
    listOwners: listRecordedOwners,
    listLeaving: listRecordedLeavingNodes,
    removed: owners.flat(),
  });
}

interface LimitOption {
  readonly approveAbove?: number;
}

/** The most GPU-hours of what the states do not record yet, as a whole number that a script can compare. */
function formatPendingHours({ totals: { gpuHours, evaluationGpuHours } }: DeploymentPlan): string {
  return String(Math.ceil(gpuHours.high + evaluationGpuHours));
}

/** Lists why a person must approve a deployment. */
function listApprovalReasons(plan: DeploymentPlan, { approveAbove }: LimitOption): string[] {
  const exceeds = approveAbove !== undefined && exceedsLimit(plan.totals, approveAbove);
  return [
    ...(exceeds
      ? [`${formatPendingHours(plan)} GPU-hours would run, more than ${formatThreeDigits(approveAbove)}`]
      : []),
    ...(plan.leaving.length > 0 ? [`these nodes would leave: ${plan.leaving.join(", ")}`] : []),
  ];
}

/** Prints the plan as NAME=value lines, which GitHub reads as outputs of a step. */
async function printDeploymentPlan(options: LimitOption): Promise<void> {
  const removed = await listStacksToRemove();
  const plan = await planFromState(removed);
  printLine(`clusters=${plan.clusters.join(" ")}`);
  printLine(`stacks=${plan.stacks.join(" ")}`);
  printLine(`gpu_hours=${formatPendingHours(plan)}`);
  printLine(`leaving=${plan.leaving.join(" ")}`);
  printLine(`approval=${listApprovalReasons(plan, options).length > 0 ? "required" : "none"}`);
  printLine(`removed=${removed.map(formatDeletedStack).join(" ")}`);
}

function reportFailures(failed: readonly string[]): void {
  if (failed.length > 0) throw new Error(`failed or refused: ${failed.join(", ")}; the messages above say why`);
}

interface DeployUpOptions extends LimitOption {
  readonly approved?: boolean;
}

async function runDeployUp({ approved = false, ...limit }: DeployUpOptions): Promise<void> {
  const plan = await planFromState(await listStacksToRemove());
  const reasons = approved ? [] : listApprovalReasons(plan, limit);
  if (reasons.length > 0) {
    printLine(`nothing was changed: ${reasons.join("; ")}; approve it, and call deploy up --approved`);
    process.exitCode = attentionExitCode;
    return;
  }
  reportFailures(
    await runDeployment(plan, { approved, call: callCommand, print: printLine, findCluster: findStackCluster }),
  );
}

async function runDeployRemove(): Promise<void> {
  reportFailures(await removeStacks(await listStacksToRemove(), { call: callCommand, print: printLine }));
}

async function reportDrift(): Promise<void> {
  const reports = await detectDrift({ clusters: listDeployedClusters(), stacks: listDeployedStacks() });
  printLine(renderDriftReport(reports));
  process.exitCode = reports.length > 0 ? attentionExitCode : 0;
}

interface OperatorOptions extends Pick<OperatorSource, "repository" | "secretsProvider"> {
  readonly branch: string;
  readonly commit?: string;
}

/** True for an address with a password, or with a token as the user of a web server. */
function hasCredentials(address: string): boolean {
  return /:\/\/[^/]*:.*@/.test(address) || /^https?:\/\/[^/]+@/i.test(address);
}

/** @throws Error that does not repeat the credentials */
function refuseCredentials(setting: string, address: string): void {
  if (hasCredentials(address))
    throw new Error(
      `${setting}: the address has credentials, which everyone who may read Stack objects would see; ` +
        "name it without them, and add them to the objects from a Secret (docs/pull-requests.md)",
    );
}

/** @throws Error if no backend is named that the operator reaches, and for Pulumi Cloud without an organization */
function printOperatorStacks({ repository, branch, commit, secretsProvider }: OperatorOptions): void {
  const { PULUMI_BACKEND_URL: backend = "", PULUMI_DEFAULT_ORGANIZATION: named = "" } = buildChildEnvironment({});
  if (backend === "" || backend.startsWith("file:"))
    throw new Error(
      `PULUMI_BACKEND_URL: "${backend}" cannot be reached by the operator; ` +
        "name a shared backend, such as s3://team-state or https://api.pulumi.com",
    );
  refuseCredentials("PULUMI_BACKEND_URL", backend);
  refuseCredentials("--repository", repository);
  if (isPulumiCloud(backend) && named === "")
    throw new Error(
      "PULUMI_DEFAULT_ORGANIZATION is not set; name the organization of Pulumi Cloud that has the stacks",
    );
  const objects = buildOperatorStacks(listOrderedStacks(), {
    repository,
    revision: commit === undefined ? { branch } : { commit },
    backend,
    secretsProvider,
    organization: isPulumiCloud(backend) ? named : "organization",
    pulumiVersion: readPinnedVersion("pulumi").replace(/^v/, ""),
  });
  process.stdout.write(formatYaml(objects));
}

const approvalHelp = "GPU-hours above which nothing is changed, with exit code 2";

export function buildDeployCommand(): Command {
  return new Command("deploy")
    .addCommand(
      new Command("plan")
        .description("print as NAME=value lines what deploy would do, and whether it needs an approval")
        .option("--approve-above <gpu-hours>", "GPU-hours above which an approval is required", parseGpuHours)
        .action(printDeploymentPlan),
    )
    .addCommand(
      new Command("up")
        .description("update the clusters of infra/, then submit every stack, except those with emulated devices")
        .option("--approve-above <gpu-hours>", approvalHelp, parseGpuHours)
        .option("--approved", "a person has approved the GPU-hours, and that nodes leave which no file names any more")
        .action(runDeployUp),
    )
    .addCommand(
      new Command("remove")
        .description("remove what stacks whose file was deleted still have on clusters; does not ask")
        .action(runDeployRemove),
    )
    .addCommand(
      new Command("drift")
        .description("compare clusters with their state and this commit, as Markdown; exit code 2 if they differ")
        .action(reportDrift),
    )
    .addCommand(
      new Command("operator")
        .description("print Stack objects with which Pulumi's Kubernetes operator submits the same stacks")
        .requiredOption("--repository <url>", "git repository that the operator reads")
        .option("--branch <name>", "branch that the operator follows", "main")
        .option("--commit <hash>", "commit that the operator deploys instead")
        .option("--secrets-provider <url>", "key of a cloud that encrypts secrets, instead of the passphrase")
        .action(printOperatorStacks),
    );
}
