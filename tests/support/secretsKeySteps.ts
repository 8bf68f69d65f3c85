import { readFileSync } from "node:fs";

/** The commands by which docs/access.md replaces the key of the Secrets in etcd. */
interface SecretsKeySteps {
  readonly add: string;
  readonly prefer: string;
  readonly rewrite: string;
  readonly remove: string;
}

/** Reads the commands out of the page. All but `rewrite` change encryption.yaml and are followed by a restart. */
export function readSecretsKeySteps(): SecretsKeySteps {
  const page = readFileSync("docs/access.md", "utf8");
  const [add = "", prefer = "", remove = ""] = [...page.matchAll(/^ +sed -i .* encryption\.yaml$/gm)].map(
    ([line]) => line,
  );
  const [rewrite = ""] = /^ +kubectl get secrets .*\| kubectl replace .*$/m.exec(page) ?? [];
  return { add, prefer, rewrite, remove };
}
