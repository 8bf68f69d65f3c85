/** The script `mixcpt` on machines that lack programs of Linux, such as macOS. */
import { spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const folder = mkdtempSync(join(tmpdir(), "mixcpt-launcher-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** What every Unix has; flock, sha256sum and kubectl are not among them. */
const commonPrograms =
  "bash cat cmp cp cut dirname env find git ln mkdir mv readlink rm sed sleep sort tar uname xargs";

function findProgram(name: string): string {
  return spawnSync("which", [name], { encoding: "utf8" }).stdout.trim();
}

function writeProgram(path: string, script: string): void {
  writeFileSync(path, `#!/usr/bin/env bash\n${script}\n`);
  chmodSync(path, 0o755);
}

function linkCommonPrograms(): string {
  const programs = join(folder, "programs");
  mkdirSync(programs);
  for (const name of commonPrograms.split(" ")) {
    symlinkSync(findProgram(name), join(programs, name));
  }
  symlinkSync(process.execPath, join(programs, "node"));
  writeProgram(join(programs, "shasum"), `[ "$1 $2" = "-a 256" ] && shift 2 && exec ${findProgram("sha256sum")} "$@"`);
  return programs;
}

const environment = { PATH: linkCommonPrograms(), HOME: folder };

function runLauncher(args: readonly string[], variables: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(resolve("mixcpt"), args, {
    encoding: "utf8",
    maxBuffer: 1 << 28,
    env: { ...environment, ...variables },
  });
  return { status, stdout, stderr };
}

it.each(["flock", "sha256sum"])("finds no %s among these programs", (name) => {
  expect(spawnSync("bash", ["-c", `command -v ${name}`], { env: environment }).status).toBe(1);
});

function printImageReferences(images = "images", env?: NodeJS.ProcessEnv): string {
  return spawnSync(join(images, "build"), ["--print-refs"], { encoding: "utf8", ...(env && { env }) }).stdout;
}

it("names the images alike with sha256sum and with shasum", () => {
  expect(printImageReferences("images", environment)).toMatch(/"mixcpt.local\/data:[0-9a-f]{12}"/);
  expect(printImageReferences("images", environment)).toBe(printImageReferences());
});

it("names the images alike after a tool has left its cache beside their sources", () => {
  // in a copy, because tests that run at the same time copy the checkout
  const images = join(folder, "images");
  cpSync("images", images, { recursive: true });
  mkdirSync(join(images, "data/.cache"));
  writeFileSync(join(images, "data/.cache/constants"), "1");
  expect(printImageReferences(images)).toBe(printImageReferences());
});

describe("a machine with Node.js, git and the programs of every Unix alone", () => {
  /** Node.js refuses to read anything but the checkout, /proc included. */
  const checkoutOnly = {
    NODE_OPTIONS: [
      "--permission --allow-child-process --disable-warning=SecurityWarning",
      ...[".", realpathSync("node_modules")].map((path) => `--allow-fs-read=${resolve(path)}`),
    ].join(" "),
  };

  it.each([
    ["plan", "viking"],
    ["render", "viking"],
    ["report", "--published", "--json"],
  ])("runs %s and reads only the checkout", (...args) => {
    expect(runLauncher(args, checkoutOnly)).toMatchObject({ status: 0, stderr: "" });
  });

  it("compares two commits", () => {
    const { status, stdout, stderr } = runLauncher(["preview", "viking", "--markdown", "--base", "HEAD"]);
    expect({ status: status === 2 ? 0 : status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).not.toBe("");
  });
});

/** Makes a checkout whose command line is this program, and whose npm writes down when it installs. */
function createCheckout(name: string, commandLine = ""): string {
  const checkout = join(folder, name);
  mkdirSync(join(checkout, "cli"), { recursive: true });
  cpSync("mixcpt", join(checkout, "mixcpt"));
  writeFileSync(join(checkout, "package-lock.json"), "{}");
  writeFileSync(join(checkout, "cli/index.ts"), commandLine);
  writeFileSync(join(checkout, "log"), "");
  const install = "echo begin >>log; sleep 0.3; mkdir -p node_modules; echo end >>log";
  writeProgram(join(environment.PATH, "npm"), install);
  return checkout;
}

function callLauncher(checkout: string, variables: Record<string, string> = {}): Promise<number | null> {
  const env = { ...environment, ...variables };
  return new Promise((settle) => spawn(join(checkout, "mixcpt"), [], { env, stdio: "ignore" }).on("close", settle));
}

describe("the first call in a checkout, without flock", () => {
  it("installs the packages once, however many calls begin at a time", async () => {
    const checkout = createCheckout("several");
    expect(await Promise.all([1, 2, 3].map(() => callLauncher(checkout)))).toEqual([0, 0, 0]);
    expect(readFileSync(join(checkout, "log"), "utf8")).toBe("begin\nend\n");
  });

  it("takes the lock over from a call that was killed", async () => {
    const checkout = createCheckout("killed");
    symlinkSync("4194999", join(checkout, ".install.lock.link"));
    expect(await callLauncher(checkout)).toBe(0);
    expect(readFileSync(join(checkout, "log"), "utf8")).toBe("begin\nend\n");
  });
});

describe("a lock of a killed call that another call takes over first, without flock", () => {
  it("is left to that call", async () => {
    const checkout = createCheckout("contended");
    const link = join(checkout, ".install.lock.link");
    symlinkSync("4194999", link);
    // The launcher asks ps for the killed process; meanwhile another call, of this process, takes the lock.
    const takeOver = `rm -f ${link}; ln -s ${String(process.pid)} ${link}; rm "$0"; exit 1`;
    const ps = join(environment.PATH, "ps");
    writeProgram(ps, takeOver);
    const call = callLauncher(checkout);
    while (existsSync(ps)) await sleep(20);
    await sleep(500);
    expect([readlinkSync(link), readFileSync(join(checkout, "log"), "utf8")]).toEqual([String(process.pid), ""]);
    rmSync(link);
    expect(await call).toBe(0);
  });
});

describe("a proxy in the user's environment", () => {
  const requested: string[] = [];
  const proxy = createServer((_, response) => response.end("through the proxy"));
  proxy.on("connect", ({ url }, socket) => {
    requested.push(url ?? "");
    socket.write("HTTP/1.1 200 OK\r\n\r\n");
    proxy.emit("connection", socket);
  });
  beforeEach(() => requested.splice(0));
  beforeAll(() => new Promise<void>((listening) => proxy.listen(0, "127.0.0.1", listening)));
  afterAll(() => {
    proxy.close();
    proxy.closeAllConnections();
  });

  function formatProxyAddress(scheme = "http://"): string {
    return `${scheme}127.0.0.1:${String((proxy.address() as AddressInfo).port)}`;
  }

  const request = `
    const text = await (await fetch("http://releases.example/SHA256SUMS")).text();
    process.exit(text === "through the proxy" ? 0 : 3);`;

  it.each([
    ["HTTP_PROXY", "http://"],
    ["http_proxy", "http://"],
    ["HTTP_PROXY", ""],
  ])("gets the requests of setup: %s with %j before the address", async (name, scheme) => {
    const checkout = createCheckout(`${name}${String(scheme.length)}`, request);
    expect(await callLauncher(checkout, { [name]: formatProxyAddress(scheme) })).toBe(0);
    expect(requested).toEqual(["releases.example:80"]);
  });

  it.each(["proxy.example:3128", "user:secret@proxy.example", "socks5://proxy.example", "ftp://x", "http://", "a b"])(
    "stops no command, whatever its address: %s",
    async (address) => {
      const checkout = createCheckout(address.replaceAll(/[^a-z]/g, "-"), "process.exit(0);");
      expect(await callLauncher(checkout, { HTTPS_PROXY: address })).toBe(0);
    },
  );

  it.each<[string, Record<string, string>]>([
    ["by default", {}],
    ["beside the exceptions of the user", { NO_PROXY: "example.org" }],
  ])("gets no request to this machine, %s", async (name, exceptions) => {
    const server = createServer((_, response) => response.end("directly"));
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const program = `
      import { get } from "node:http";
      const port = ${String((server.address() as AddressInfo).port)};
      get({ host: "127.0.0.1", port }, async (response) => {
        process.exit((await response.toArray()).join("") === "directly" ? 0 : 3);
      });`;
    const variables = { HTTP_PROXY: formatProxyAddress(), ...exceptions };
    expect(await callLauncher(createCheckout(name.replaceAll(" ", "-"), program), variables)).toBe(0);
    server.close();
  });
});
