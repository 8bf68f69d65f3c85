import type { Argument } from "commander";
import { Command, InvalidArgumentError, Option } from "commander";
import { accessRoleNames } from "../../infra/access/accessRoles.ts";
import { printRoleKubeconfig } from "../cluster/roleCredential.ts";
import { parseCount } from "./parseCount.ts";

/** A credential cannot be revoked alone, so that a longer one would outlast the reason for it. */
const maxHours = 24;

function parseHours(text: string): number {
  const hours = parseCount(text);
  if (hours > maxHours) throw new InvalidArgumentError(`must be at most ${String(maxHours)}`);
  return hours;
}

/** Kubernetes' own names have colons (system:…) or begin like those of its components. */
const userPattern = /^(?!kube[a-z]*-)[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}$/;

function parseUser(text: string): string {
  if (userPattern.test(text)) return text;
  throw new InvalidArgumentError(
    "must be a person's name as the audit log shall show it, such as ada or ada@site.example: at most 64 of letters, " +
      "digits and . _ @ + -, and no name of Kubernetes' own (kube…-)",
  );
}

export function buildClusterKubeconfigCommand(stack: Argument): Command {
  return new Command("kubeconfig")
    .description("print a kubeconfig with a short-lived credential of a role")
    .addArgument(stack)
    .addOption(new Option("--role <role>", "the rights").choices(accessRoleNames).makeOptionMandatory())
    .addOption(
      new Option(
        "--user <name>",
        "the person, whom the audit log then names; a certificate instead of a token",
      ).argParser(parseUser),
    )
    .addOption(new Option("--hours <count>", `life, at most ${String(maxHours)}`).argParser(parseHours).default(8))
    .action(printRoleKubeconfig);
}
