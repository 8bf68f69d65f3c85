/** Checks the project pages against this checkout: their links, files, functions and quoted output. */
import { spawnSync } from "node:child_process";
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";

const projectPages = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", ...globSync("docs/adr/*.md")];
const folders = "cli,docs,images,infra,jobs,plugins,reporting,stacks,tests,tools,validation,workspace".split(",");
const sourceFiles = globSync(`{${folders.join(",")}}/**/*`).filter((path) => /\.\w+$/.test(path));

function readPage(page: string) {
  return readFileSync(page, "utf8");
}

function removeCodeBlocks(text: string) {
  return text.replaceAll(/^ *```[^]*?^ *```$/gm, "");
}

function listCodeSpans(page: string) {
  return [...removeCodeBlocks(readPage(page)).matchAll(/`([^`\n]+)`/g)].map(([, span = ""]) => span);
}

/** Lists the anchors that GitHub creates for the headings of a page. */
function listAnchors(page: string) {
  return [...removeCodeBlocks(readPage(page)).matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

function findBrokenLinks(page: string) {
  const targets = [...removeCodeBlocks(readPage(page)).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(
    ([, target = ""]) => target,
  );
  return targets.filter((target) => {
    const [path = "", anchor] = target.split("#");
    const file = path === "" ? page : join(dirname(page), path);
    return !existsSync(file) || (anchor !== undefined && !listAnchors(file).includes(anchor));
  });
}

/** Lists the paths below a source folder and the scripts that a page mentions. */
function listNamedFiles(page: string) {
  return listCodeSpans(page).filter(
    (span) =>
      (folders.includes(/^(\w+)\/[\w./-]+$/.exec(span)?.[1] ?? "") && !/[A-Z]{3}/.test(span)) ||
      /^\w[\w-]+\.sh$/.test(span),
  );
}

function runMixcpt(...args: string[]) {
  const { stdout } = spawnSync(process.execPath, ["--disable-warning=ExperimentalWarning", "cli/index.ts", ...args], {
    encoding: "utf8",
  });
  return stdout.split("\n").map(collapseSpaces);
}

function collapseSpaces(line: string) {
  return line.trim().replaceAll(/\s+/g, " ");
}

/** Lists the lines of the README's code block that follows a command. */
function listQuotedLines(command: string) {
  const [, after = ""] = readPage("README.md").split(`\`./mixcpt ${command}\``);
  return (/```\n([^]*?)```/.exec(after)?.[1] ?? "").trim().split("\n").map(collapseSpaces);
}

it("CONTRIBUTING.md gives the time that the README gives for npm run check", () => {
  const [, time = "none"] =
    /`npm run check` runs [^;]*, in (about \w+ minutes on \w+ cores);/.exec(readPage("README.md")) ?? [];
  const row = readPage("CONTRIBUTING.md")
    .split("\n")
    .find((line) => line.startsWith("| `npm run check` |"));
  expect(row).toContain(`: ${time} |`);
});

it.each([...projectPages, ...globSync("docs/*.md"), "images/README.md", "plugins/README.md"])(
  "%s has valid links to files and headings",
  (page) => {
    expect(findBrokenLinks(page)).toEqual([]);
  },
);

it.each(projectPages)("%s mentions only existing files", (page) => {
  const scripts = sourceFiles.map((file) => basename(file));
  expect(listNamedFiles(page).filter((path) => !existsSync(path) && !scripts.includes(path))).toEqual([]);
});

it("ARCHITECTURE.md mentions only declared functions and types", () => {
  const code = sourceFiles
    .filter((path) => /\.(ts|py)$/.test(path))
    .map((path) => readFileSync(path, "utf8"))
    .join("\n");
  const declared = new Set(
    [...code.matchAll(/\b(?:function|class|interface|type|const|def) (\w+)/g)].map(([, name]) => name),
  );
  const names = listCodeSpans("ARCHITECTURE.md").filter((span) =>
    /^([a-z]+[A-Z]\w*|[A-Z][a-z]+[A-Z]\w*|[a-z]+(_[a-z0-9]+)+)$/.test(span),
  );
  expect(names.length).toBeGreaterThan(40);
  const settings = ["tokenized_path"];
  expect(names.filter((name) => !declared.has(name) && !settings.includes(name))).toEqual([]);
});

it("README.md quotes the current plan of the study", () => {
  const printed = runMixcpt("plan", "llama-2", "llama-3.1", "viking");
  const quoted = listQuotedLines("plan llama-2 llama-3.1 viking");
  expect(quoted).toHaveLength(6);
  expect(quoted.filter((line) => !printed.some((other) => other.startsWith(line)))).toEqual([]);
});

it("README.md quotes the current report of the published numbers", () => {
  const folder = mkdtempSync(join(tmpdir(), "mixcpt-pages-"));
  try {
    const [quoted = "nothing"] = listQuotedLines("report --published");
    expect(runMixcpt("report", "--published", "--out", folder)[0]).toContain(quoted);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it(".nvmrc and the command use the same version of Node.js", () => {
  expect(readPage("mixcpt")).toContain(`node_version=${readPage(".nvmrc").trim()}\n`);
});

it("CONTRIBUTING.md and README.md list every test part", () => {
  const parts = [...readPage("cli/test/testParts.ts").matchAll(/name: "([\w-]+)"/g)].map(([, name = ""]) => name);
  expect(readPage("README.md")).toContain(`runs the tests: ${parts.join(", ")} |`);
  const named = [...readPage("CONTRIBUTING.md").matchAll(/^\| `([\w-]+)` \|/gm)].map(([, name]) => name);
  expect(named.filter((name) => parts.includes(name ?? ""))).toEqual(parts);
});

it("package.json and LICENSE have the same license", () => {
  const { license } = JSON.parse(readPage("package.json")) as { license: string };
  expect(license).toBe("Apache-2.0");
  expect(readFileSync(resolve("LICENSE"), "utf8")).toMatch(/^\s*Apache License\n\s*Version 2\.0, January 2004/);
});

/** Tables, code and a word that is longer than a line cannot be wrapped. */
function listLongLines(page: string) {
  const prose = removeCodeBlocks(readPage(page)).split("\n");
  return prose.filter((line) => line.length > 120 && line.includes(" ") && !/^( {4}|\s*\|)/.test(line));
}

// Programs write docs/lint.md, and the tables of docs/recipes.md.
it.each(globSync("docs/**/*.md").filter((page) => page !== "docs/lint.md"))("%s has prose of 120 columns", (page) => {
  expect(listLongLines(page)).toEqual([]);
});
