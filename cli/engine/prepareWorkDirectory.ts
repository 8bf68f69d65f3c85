import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parse, stringify } from "yaml";
import { stateDirectory } from "../../workspace/environment.ts";
import { replaceFile } from "../../workspace/replaceFile.ts";

/** The key of an encrypted value in a stack's file. */
const securePattern = /\bsecure:/;

type YamlMap = Record<string, unknown>;

function readYamlMap(file: string): YamlMap {
  return existsSync(file) ? ((parse(readFileSync(file, "utf8")) ?? {}) as YamlMap) : {};
}

/**
 * Drops the salt of a stack file without encrypted values. `pulumi` itself adds one to a file that has none, and other
 * checkouts with other passphrases would then refuse the file.
 */
function dropUnusedSalt({ encryptionsalt, ...rest }: YamlMap): YamlMap {
  return encryptionsalt !== undefined && securePattern.test(stringify(rest)) ? { ...rest, encryptionsalt } : rest;
}

/**
 * Writes copies of the project's and the stack's files for Pulumi and returns their directory. Pulumi adds the salt of
 * the stack's secrets to the stack's file, and the committed file must not change. Later commands take the salt from
 * the state, where every checkout finds it. All commands of a checkout share the directory: one that begins must not
 * cut off what the Pulumi of another one reads.
 */
export function prepareWorkDirectory(
  project: string,
  { directory, stack }: { directory: string; stack: string },
): string {
  const copies = resolve(stateDirectory, "projects", project);
  mkdirSync(copies, { recursive: true });
  const stackFile = `Pulumi.${stack}.yaml`;
  // without main: the program runs inside this process, and Pulumi starts no file
  replaceFile(
    resolve(copies, "Pulumi.yaml"),
    stringify({ ...readYamlMap(resolve(directory, "Pulumi.yaml")), main: undefined }),
  );
  replaceFile(resolve(copies, stackFile), stringify(dropUnusedSalt(readYamlMap(resolve(directory, stackFile)))));
  return copies;
}
