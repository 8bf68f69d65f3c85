/**
 * A real Pulumi engine and the stand-in command plugin; the remote machine is an SSH server on loopback.
 *
 * @jest-environment ./tests/support/engineEnvironment.ts
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { local, remote } from "@pulumi/command";
import { createPulumiEngine } from "../support/pulumiEngine.ts";
import type { PulumiEngine } from "../support/pulumiEngine.ts";
import { startSshServer } from "../support/sshServer.ts";
import type { SshServer } from "../support/sshServer.ts";
import { captureFailure } from "../support/testBed.ts";

let engine: PulumiEngine;
let ssh: SshServer;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "mixcpt-command-"));
  [engine, ssh] = await Promise.all([createPulumiEngine(), startSshServer()]);
});

afterAll(async () => {
  engine?.removeHome();
  await ssh?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function buildConnection() {
  return { host: "127.0.0.1", port: ssh.port, user: "root", privateKey: pulumi.secret(ssh.privateKey) };
}

describe("a local command", () => {
  it("runs create, then update with the previous output, then delete", async () => {
    const log = join(folder, "log");
    const buildProgram = (environment: Record<string, string>) => async () => {
      const command = new local.Command("step", {
        create: `echo create >> ${log}; echo made; echo aside >&2`,
        update: `echo "update $PULUMI_COMMAND_STDOUT $NAME" >> ${log}; cat`,
        delete: `echo "delete $PULUMI_COMMAND_STDOUT" >> ${log}`,
        stdin: "given",
        environment,
      });
      return { stdout: command.stdout, stderr: command.stderr };
    };
    const stack = await engine.selectStack("local", buildProgram({ NAME: "one" }));
    expect((await stack.up()).outputs).toMatchObject({ stdout: { value: "made" }, stderr: { value: "aside" } });
    expect((await stack.up()).summary.resourceChanges).toEqual({ same: 2 });
    stack.workspace.program = buildProgram({ NAME: "two" });
    expect((await stack.up()).outputs).toMatchObject({ stdout: { value: "given" } });
    await stack.destroy();
    expect(readFileSync(log, "utf8")).toBe("create\nupdate made two\ndelete given\n");
  });

  it("is replaced when a trigger changes", async () => {
    const buildProgram = (trigger: string) => async () => ({
      out: new local.Command("step", { create: "date +%s%N", triggers: [trigger] }).stdout,
    });
    const stack = await engine.selectStack("triggers", buildProgram("one"));
    const oldOutput = (await stack.up()).outputs["out"]?.value;
    stack.workspace.program = buildProgram("two");
    const { summary, outputs } = await stack.up();
    expect(summary.resourceChanges).toMatchObject({ replace: 1 });
    expect(outputs["out"]?.value).not.toBe(oldOutput);
    await stack.destroy();
  });

  it("reports exit code and last lines of a failure, but no secret", async () => {
    const stack = await engine.selectStack("failing", async () => {
      new local.Command("step", {
        create: "echo the key is $KEY; echo no space left >&2; exit 7",
        environment: { KEY: pulumi.secret("hunter2-hunter2") },
      });
    });
    const message = await captureFailure(stack.up());
    expect(message).toMatch(
      /the command on this machine failed with exit code 7; its last lines:\s+the key is \[secret\]\s+no space left/,
    );
    expect(message).not.toContain("hunter2");
  });
});

it("marks the output of a command as secret if an input is secret", async () => {
  const stack = await engine.selectStack("secret-output", async () => {
    return {
      stdout: new local.Command("step", { create: "echo $KEY", environment: { KEY: pulumi.secret("hunter2-hunter2") } })
        .stdout,
    };
  });
  expect((await stack.up()).outputs["stdout"]).toEqual({ value: "hunter2-hunter2", secret: true });
  expect(engine.readState("secret-output")).not.toContain("hunter2");
  await stack.destroy();
});

describe("a remote command", () => {
  it("runs over SSH, waits for a starting machine and keeps its key out of the state", async () => {
    ssh.refuseConnections(2);
    const stack = await engine.selectStack("remote", async () => {
      const command = new remote.Command("step", {
        connection: buildConnection(),
        create: "cat; echo $LC_NAME; echo aside >&2",
        stdin: "given\n",
        environment: { LC_NAME: "name" },
      });
      return { stdout: command.stdout };
    });
    expect((await stack.up()).outputs["stdout"]).toEqual({ value: "given\nname", secret: false });
    expect(engine.readState("remote")).not.toContain("PRIVATE KEY");
    expect((await stack.up()).summary.resourceChanges).toEqual({ same: 2 });
    await stack.destroy();
  });

  it("names the variable that the server did not accept", async () => {
    const stack = await engine.selectStack("refused-variable", async () => {
      new remote.Command("step", { connection: buildConnection(), create: "true", environment: { NAME: "name" } });
    });
    expect(await captureFailure(stack.up())).toMatch(/The SSH server did not accept NAME: name it in AcceptEnv/);
  });

  it("gives up after dialErrorLimit attempts and names the destination", async () => {
    const stack = await engine.selectStack("no-answer", async () => {
      new remote.Command("step", { connection: { ...buildConnection(), port: 1, dialErrorLimit: 1 }, create: "true" });
    });
    expect(await captureFailure(stack.up())).toMatch(
      /no SSH connection to root@127.0.0.1:1 after 2 attempts: .*ECONNREFUSED/,
    );
  });
});

describe("a copy to a remote machine", () => {
  it("copies a text, a file and a folder, creates parent folders, and copies only changes again", async () => {
    const source = join(folder, "from");
    mkdirSync(join(source, "deep"), { recursive: true });
    writeFileSync(join(source, "a"), "a");
    writeFileSync(join(source, "deep/b"), "b");
    const buildProgram = (text: string) => async () => {
      const to = (name: string) => ({ connection: buildConnection(), remotePath: join(folder, "to", name) });
      new remote.CopyToRemote("text", { ...to("new/text"), source: new pulumi.asset.StringAsset(text) });
      new remote.CopyToRemote("file", { ...to("file"), source: new pulumi.asset.FileAsset(join(source, "a")) });
      new remote.CopyToRemote("folder", { ...to("folder"), source: new pulumi.asset.FileArchive(source) });
    };
    const stack = await engine.selectStack("copy", buildProgram("one"));
    await stack.up();
    const readCopy = (name: string) => readFileSync(join(folder, "to", name), "utf8");
    expect(["new/text", "file", "folder/a", "folder/deep/b"].map(readCopy)).toEqual(["one", "a", "a", "b"]);
    expect((await stack.up()).summary.resourceChanges).toEqual({ same: 4 });
    stack.workspace.program = buildProgram("two");
    expect((await stack.up()).summary.resourceChanges).toEqual({ same: 3, update: 1 });
    expect(readCopy("new/text")).toBe("two");
    await stack.destroy();
  });
});

it("runs commands in parallel", async () => {
  const arrivals = join(folder, "arrivals");
  writeFileSync(arrivals, "");
  const waitForAll =
    `echo here >> ${arrivals}; ` +
    `for i in $(seq 600); do [ $(wc -l < ${arrivals}) -ge 4 ] && exit 0; sleep 0.1; done; exit 1`;
  const stack = await engine.selectStack("parallel", async () => {
    for (const name of ["a", "b"]) new local.Command(name, { create: waitForAll });
    for (const name of ["c", "d"]) new remote.Command(name, { connection: buildConnection(), create: waitForAll });
  });
  await stack.up();
  await stack.destroy();
});
