/**
 * A real Pulumi engine and the stand-in for the command plugin; the remote machine is an SSH server on loopback.
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

jest.setTimeout(120_000);

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

function captureCommandFailure(run: Promise<unknown>) {
  return run.then(
    () => "",
    (error: unknown) => String(error),
  );
}

describe("a local command", () => {
  it("runs create, then update with the output before, then delete", async () => {
    const log = join(folder, "steps");
    const declare = (environment: Record<string, string>) => async () => {
      const step = new local.Command("step", {
        create: `echo create >> ${log}; echo made; echo aside >&2`,
        update: `echo "update $PULUMI_COMMAND_STDOUT $NAME" >> ${log}; cat`,
        delete: `echo "delete $PULUMI_COMMAND_STDOUT" >> ${log}`,
        stdin: "given",
        environment,
      });
      return { stdout: step.stdout, stderr: step.stderr };
    };
    const stack = await engine.selectStack("local", declare({ NAME: "one" }));
    expect((await stack.up()).outputs).toMatchObject({ stdout: { value: "made" }, stderr: { value: "aside" } });
    expect((await stack.up()).summary.resourceChanges).toEqual({ same: 2 });
    stack.workspace.program = declare({ NAME: "two" });
    expect((await stack.up()).outputs).toMatchObject({ stdout: { value: "given" } });
    await stack.destroy();
    expect(readFileSync(log, "utf8")).toBe("create\nupdate made two\ndelete given\n");
  });

  it("with a changed trigger is replaced", async () => {
    const declare = (trigger: string) => async () => ({
      out: new local.Command("step", { create: "date +%s%N", triggers: [trigger] }).stdout,
    });
    const stack = await engine.selectStack("triggers", declare("one"));
    const before = (await stack.up()).outputs["out"]?.value;
    stack.workspace.program = declare("two");
    const { summary, outputs } = await stack.up();
    expect(summary.resourceChanges).toMatchObject({ replace: 1 });
    expect(outputs["out"]?.value).not.toBe(before);
    await stack.destroy();
  });

  it("that fails says its exit code and last lines, and never a secret", async () => {
    const stack = await engine.selectStack("failing", async () => {
      new local.Command("step", {
        create: "echo the key is $KEY; echo no space left >&2; exit 7",
        environment: { KEY: pulumi.secret("hunter2-hunter2") },
      });
    });
    const message = await captureCommandFailure(stack.up());
    expect(message).toMatch(
      /the command on this machine failed with exit code 7; its last lines:\s+the key is \[secret\]\s+no space left/,
    );
    expect(message).not.toContain("hunter2");
  });
});

it("what a command prints is secret when it was given a secret", async () => {
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
  it("runs over SSH, waits for a machine that is starting, and keeps its key out of state", async () => {
    ssh.refuseConnections(2);
    const stack = await engine.selectStack("remote", async () => {
      const step = new remote.Command("step", {
        connection: buildConnection(),
        create: "cat; echo $LC_NAME; echo aside >&2",
        stdin: "given\n",
        environment: { LC_NAME: "name" },
      });
      return { stdout: step.stdout };
    });
    expect((await stack.up()).outputs["stdout"]).toEqual({ value: "given\nname", secret: false });
    expect(engine.readState("remote")).not.toContain("PRIVATE KEY");
    expect((await stack.up()).summary.resourceChanges).toEqual({ same: 2 });
    await stack.destroy();
  });

  it("says which variable the server did not take", async () => {
    const stack = await engine.selectStack("refused-variable", async () => {
      new remote.Command("step", { connection: buildConnection(), create: "true", environment: { NAME: "name" } });
    });
    expect(await captureCommandFailure(stack.up())).toMatch(/The SSH server did not accept NAME: name it in AcceptEnv/);
  });

  it("gives up after dialErrorLimit attempts and says where it knocked", async () => {
    const stack = await engine.selectStack("no-answer", async () => {
      new remote.Command("step", { connection: { ...buildConnection(), port: 1, dialErrorLimit: 1 }, create: "true" });
    });
    expect(await captureCommandFailure(stack.up())).toMatch(
      /no SSH connection to root@127.0.0.1:1 after 2 attempts: .*ECONNREFUSED/,
    );
  });
});

describe("a copy to a remote machine", () => {
  it("takes a text, a file and a folder, makes the folders above, and copies again only what changed", async () => {
    const from = join(folder, "from");
    mkdirSync(join(from, "deep"), { recursive: true });
    writeFileSync(join(from, "a"), "a");
    writeFileSync(join(from, "deep/b"), "b");
    const declare = (text: string) => async () => {
      const to = (name: string) => ({ connection: buildConnection(), remotePath: join(folder, "to", name) });
      new remote.CopyToRemote("text", { ...to("new/text"), source: new pulumi.asset.StringAsset(text) });
      new remote.CopyToRemote("file", { ...to("file"), source: new pulumi.asset.FileAsset(join(from, "a")) });
      new remote.CopyToRemote("folder", { ...to("folder"), source: new pulumi.asset.FileArchive(from) });
    };
    const stack = await engine.selectStack("copy", declare("one"));
    await stack.up();
    const there = (name: string) => readFileSync(join(folder, "to", name), "utf8");
    expect(["new/text", "file", "folder/a", "folder/deep/b"].map(there)).toEqual(["one", "a", "a", "b"]);
    expect((await stack.up()).summary.resourceChanges).toEqual({ same: 4 });
    stack.workspace.program = declare("two");
    expect((await stack.up()).summary.resourceChanges).toEqual({ same: 3, update: 1 });
    expect(there("new/text")).toBe("two");
    await stack.destroy();
  });
});

it("runs commands at the same time", async () => {
  const meeting = join(folder, "meeting");
  writeFileSync(meeting, "");
  const wait = `echo here >> ${meeting}; for i in $(seq 100); do [ $(wc -l < ${meeting}) -ge 4 ] && exit 0; sleep 0.1; done; exit 1`;
  const stack = await engine.selectStack("parallel", async () => {
    for (const name of ["a", "b"]) new local.Command(name, { create: wait });
    for (const name of ["c", "d"]) new remote.Command(name, { connection: buildConnection(), create: wait });
  });
  await stack.up();
  await stack.destroy();
});
