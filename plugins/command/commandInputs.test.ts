import { checkCommandInputs, maskSecrets, listSecretTexts, readShellCommand } from "./commandInputs.ts";

describe("secrets", () => {
  it("are masked line by line, the longest first", () => {
    const inputs = {
      value: { environment: { key: "first line\nsecond line", part: "second" } },
      secrets: [["environment"]],
    };
    expect(maskSecrets("got second line, first line and second", listSecretTexts(inputs))).toBe(
      "got [secret], [secret] and [secret]",
    );
  });

  it("of a connection are its keys, not its destination", () => {
    const connection = {
      host: "node-1.example",
      port: 22,
      user: "provision",
      privateKey: "KEY-KEY",
      proxy: { host: "bastion.example", password: "open sesame" },
    };
    expect(listSecretTexts({ value: { connection }, secrets: [["connection"]] })).toEqual(["open sesame", "KEY-KEY"]);
  });
});

it("passes the previous output on unless the program opts out", () => {
  expect(readShellCommand("x", {}, { stdout: "a", stderr: "" }).previousOutput).toEqual({ PULUMI_COMMAND_STDOUT: "a" });
  expect(readShellCommand("x", { addPreviousOutputInEnv: false }, { stdout: "a" }).previousOutput).toEqual({});
});

it.each([
  [undefined, { stdout: true, stderr: true }],
  ["stdout", { stdout: true, stderr: false }],
  ["stderr", { stdout: false, stderr: true }],
  ["none", { stdout: false, stderr: false }],
])("logs the streams that logging=%s selects: %j", (logging, logged) => {
  expect(readShellCommand("x", logging === undefined ? {} : { logging }, {}).loggedStreams).toEqual(logged);
});

it("reports all unsupported and missing inputs at once", () => {
  const failures = checkCommandInputs("command:remote:Command", { assetPaths: ["a"], archivePaths: ["b"] });
  expect(failures.map(({ property }) => property)).toEqual(["assetPaths", "archivePaths", "connection"]);
});
