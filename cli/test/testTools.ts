import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { getuid } from "node:process";
import { execa } from "execa";
import { checkoutDirectory, resolveCacheDirectory } from "../../workspace/environment.ts";
import { hashCacheKey } from "../setup/setupTask.ts";

const requirementsFile = resolve(checkoutDirectory, "images/requirements-test.txt");

const vllmLockFile = resolve(checkoutDirectory, "images/evaluate/tests/with_vllm/requirements.txt");

/** Makes a directory in the cache that exists only once it is complete, and names it by its key. */
async function makeCached(name: string, key: string, make: (directory: string) => Promise<void>): Promise<string> {
  const directory = resolve(resolveCacheDirectory(), name, key);
  const marker = resolve(directory, "complete");
  if (existsSync(marker)) return directory;
  rmSync(directory, { recursive: true, force: true });
  await make(directory);
  writeFileSync(marker, "");
  return directory;
}

/**
 * Installs the Python tools of the tests (pytest, ruff, mypy, shellcheck, zizmor) where they are not installed yet.
 * @returns the directory of their programs
 */
export async function installPythonTools(): Promise<string> {
  const requirements = readFileSync(requirementsFile, "utf8");
  const environment = await makeCached("python-tests", hashCacheKey(requirements), async (directory) => {
    console.log(`installing for the tests, with pip: the packages of ${requirementsFile}`);
    await execa("python3", ["-m", "venv", directory], { stdio: "inherit" });
    const options = ["--quiet", "--require-hashes", "--requirement", requirementsFile];
    await execa(resolve(directory, "bin/python"), ["-m", "pip", "--disable-pip-version-check", "install", ...options], {
      stdio: "inherit",
    });
  });
  return resolve(environment, "bin");
}

/**
 * Installs vLLM for processors, with its packages, pytest and a compiler, where it is not installed yet: about 6 GB.
 * @returns the Python that imports it
 */
export async function installVllm(): Promise<string> {
  await installDebianPackages({ [compilerPackage.program]: compilerPackage.name });
  const uv = resolve(await installPythonTools(), "uv");
  const environment = await makeCached(
    "vllm-tests",
    hashCacheKey(readFileSync(vllmLockFile, "utf8")),
    async (directory) => {
      console.log("installing for the tests, with uv: vLLM for processors (6 GB)");
      await execa("python3", ["-m", "venv", directory], { stdio: "inherit" });
      // The lock is complete, and names another build of torch than vLLM's metadata (overrides.txt beside it).
      const options = ["--no-deps", "--require-hashes", "--no-cache", "--quiet", "--requirement", vllmLockFile];
      await execa(uv, ["pip", "install", "--python", directory, ...options], { stdio: "inherit" });
    },
  );
  return resolve(environment, "bin/python");
}

/** pytest alone, in a directory for PYTHONPATH: the images have every other package that their tests import. */
export async function installPytestForImages(): Promise<string> {
  const requirements = readFileSync(requirementsFile, "utf8");
  const pytest = /^pytest==\S+/m.exec(requirements)?.[0];
  if (pytest === undefined) throw new Error(`${requirementsFile}: pytest is not pinned; add a line pytest==VERSION`);
  const uv = resolve(await installPythonTools(), "uv");
  return makeCached("pytest-for-images", hashCacheKey(requirements), async (target) => {
    // pip takes no hashes of a constraint
    const options = ["--require-hashes", "--quiet", "--constraints", requirementsFile, "--requirements", "-"];
    await execa(uv, ["pip", "install", "--target", target, ...options], { input: pytest, stderr: "inherit" });
  });
}

const trainingLockFile = resolve(checkoutDirectory, "images/llama-factory/requirements-rocm.txt");

/** DeepSpeed, and what it needs of the packages that only the image for AMD GPUs has. */
const deepspeedPackages = ["deepspeed", "hjson", "msgpack", "ninja", "py-cpuinfo"];

/** DeepSpeed of the image for AMD GPUs, in a directory for PYTHONPATH in the image for processors. */
export async function installDeepspeedForImages(): Promise<string> {
  const uv = resolve(await installPythonTools(), "uv");
  const blocks = new RegExp(`^(?:${deepspeedPackages.join("|")})==.*(?:\\n    --hash.*)+`, "gm");
  const requirements = (readFileSync(trainingLockFile, "utf8").match(blocks) ?? []).join("\n");
  return makeCached("deepspeed-for-images", hashCacheKey(requirements), async (directory) => {
    console.log(`installing for the tests, with uv: ${deepspeedPackages.join(" ")}`);
    // The Python of images/base. DeepSpeed is built without its operators, as base/install-on-vendor does.
    const target = ["--target", directory, "--python-version", "3.13"];
    const options = ["--no-deps", "--require-hashes", "--no-cache", "--quiet", "--requirement", "-"];
    await execa(uv, ["pip", "install", ...target, ...options], {
      input: requirements,
      stdout: "inherit",
      stderr: "inherit",
      env: { DS_BUILD_OPS: "0" },
    });
  });
}

/** No package of PyPI holds the program itself, but Go, which set-up needs, builds it from one module. */
const actionlintModule = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.7";

/**
 * Builds actionlint where it is not built yet.
 * @returns the path of the program
 */
export async function installActionlint(): Promise<string> {
  const directory = await makeCached("actionlint", hashCacheKey(actionlintModule), async (target) => {
    console.log(`building for the tests, with Go: ${actionlintModule}`);
    await execa("go", ["install", actionlintModule], { stdio: "inherit", env: { GOBIN: target } });
  });
  return resolve(directory, "actionlint");
}

const promtoolModule = resolve(checkoutDirectory, "tools/promtool");

/**
 * Builds promtool where it is not built yet, without Prometheus's clients of clouds, which compile for minutes.
 * @returns the path of the program
 */
export async function installPromtool(): Promise<string> {
  const [requirements = "", ...sums] = ["go.mod", "go.sum"].map((file) =>
    readFileSync(resolve(promtoolModule, file), "utf8"),
  );
  const directory = await makeCached("promtool", hashCacheKey(requirements, ...sums), async (target) => {
    const version = /prometheus\/prometheus (v\S+)/.exec(requirements)?.[1] ?? "";
    console.log(`building for the tests, with Go: promtool of Prometheus ${version}`);
    await execa("go", ["build", "-tags", "remove_all_sd", "-ldflags", "-s -w", "-o", `${target}/`, "tool"], {
      cwd: promtoolModule,
      stdio: "inherit",
      env: { CGO_ENABLED: "0", GOFLAGS: "-mod=readonly -trimpath -buildvcs=false" },
    });
  });
  return resolve(directory, "promtool");
}

/**
 * The tests' own search path may lie in a folder that is closed to others, such as root's home. There apt's user, who
 * verifies downloads, would not find its programs.
 */
const aptEnvironment = { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", DEBIAN_FRONTEND: "noninteractive" };

/** Debian's packages that only the tests need, by the program that each one brings. */
export const testPackages: Readonly<Record<string, string>> = { "/usr/bin/chromium": "chromium" };

/** vLLM compiles parts of itself when it starts. No other part may need a compiler, so it is not in testPackages. */
export const compilerPackage = { program: "/usr/bin/g++", name: "g++" } as const;

/** Installs the browser that the tests of pages need. */
export function installBrowser(): Promise<void> {
  return installDebianPackages(testPackages);
}

/**
 * Installs Debian's packages of these programs, where they are missing.
 * @throws Error where one is missing and this is not root on Debian
 */
async function installDebianPackages(packages: Readonly<Record<string, string>>): Promise<void> {
  const missing = Object.entries(packages).flatMap(([program, name]) => (existsSync(program) ? [] : [name]));
  if (missing.length === 0) return;
  if (getuid?.() !== 0)
    throw new Error(
      `Debian's package ${missing.join(", ")} is missing; run as root: apt-get install ${missing.join(" ")}`,
    );
  console.log(`installing for the tests, with apt-get: ${missing.join(" ")}`);
  for (const args of [
    ["update", "--quiet"],
    ["install", "--yes", "--no-install-recommends", ...missing],
  ])
    await execa("apt-get", args, { stdio: ["ignore", "ignore", "inherit"], env: aptEnvironment });
}
