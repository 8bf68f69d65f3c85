import { parse } from "yaml";
import { z } from "zod";
import { getLastLine } from "../terminal/getLastLine.ts";

const kubeconfigUserSchema = z.object({
  "current-context": z.string(),
  contexts: z.array(z.object({ name: z.string(), context: z.object({ user: z.string().optional() }) })),
  users: z.array(
    z.object({
      name: z.string(),
      user: z
        .object({ exec: z.object({ command: z.string(), args: z.array(z.string()).nullish() }).optional() })
        .nullish(),
    }),
  ),
});

function parseYaml(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

/**
 * The program that issues the credentials of a kubeconfig's current user, with its subcommands; undefined if the
 * kubeconfig holds the credentials itself. Options are left out, since they may be secrets.
 */
function findCredentialProgram(kubeconfig: string): string | undefined {
  const { success, data } = kubeconfigUserSchema.safeParse(parseYaml(kubeconfig));
  if (!success) return undefined;
  const context = data.contexts.find(({ name }) => name === data["current-context"]);
  const exec = data.users.find(({ name }) => name === context?.context.user)?.user?.exec;
  if (exec === undefined) return undefined;
  const args = exec.args ?? [];
  const firstOption = args.findIndex((argument) => argument.startsWith("-"));
  return [exec.command, ...args.slice(0, firstOption === -1 ? args.length : firstOption)].join(" ");
}

/** Tells how to renew refused credentials: with the program that issues them, or from their origin. */
export function formatRenewal(cluster: string, kubeconfig: string | undefined): string {
  const program = kubeconfig === undefined ? undefined : findCredentialProgram(kubeconfig);
  const update = `./mixcpt cluster up ${cluster}`;
  if (program === undefined)
    return (
      `renew them: ${update} fetches them again from their origin; ` +
      "where that is kubeconfigFile, put new ones there first"
    );
  return `they come from "${program}": log in with that program again; if the kubeconfig has changed, run ${update}`;
}

/** True for the error of a program that failed or could not be started. Errors of a network have a code. */
function isProgramFailure(error: Error): boolean {
  if (!("code" in error) || error.code === undefined) return error.name === "Error";
  return "syscall" in error && String(error.syscall).startsWith("spawn");
}

/** Explains that the program that issues the credentials failed; undefined for any other error. */
export function explainProgramFailure(error: unknown, kubeconfig: string): string | undefined {
  const program = findCredentialProgram(kubeconfig);
  if (program === undefined || !(error instanceof Error) || !isProgramFailure(error)) return undefined;
  const line = getLastLine(error.message) || "it printed no error";
  return `"${program}" issued no credentials: ${line}; log in with that program again`;
}
