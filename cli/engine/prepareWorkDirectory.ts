import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { parse, stringify } from "yaml";
import { stateDirectory } from "../../workspace/environment.ts";

type YamlMap = Record<string, unknown>;

function readYamlMap(file: string): YamlMap {
  return existsSync(file) ? ((parse(readFileSync(file, "utf8")) ?? {}) as YamlMap) : {};
}

/**
 * The directory that Pulumi works in: copies of the project's and the stack's settings.
 * Pulumi writes the salt of a stack's secrets into the stack's file; the committed one is to stay as it is.
 */
export function prepareWorkDirectory(
  project: string,
  { directory, stack }: { directory: string; stack: string },
): string {
  const copies = resolve(stateDirectory, "projects", project);
  mkdirSync(copies, { recursive: true });
  const stackFile = `Pulumi.${stack}.yaml`;
  const { encryptionsalt } = readYamlMap(resolve(copies, stackFile));
  // the program runs inside this process: there is no file that Pulumi would start
  writeFileSync(
    resolve(copies, "Pulumi.yaml"),
    stringify({ ...readYamlMap(resolve(directory, "Pulumi.yaml")), main: undefined }),
  );
  writeFileSync(
    resolve(copies, stackFile),
    stringify({
      ...(encryptionsalt === undefined ? {} : { encryptionsalt }),
      ...readYamlMap(resolve(directory, stackFile)),
    }),
  );
  return copies;
}
