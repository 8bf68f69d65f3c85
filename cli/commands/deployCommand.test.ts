import { buildDeployCommand } from "./deployCommand.ts";

const mockVariables = jest.fn<Record<string, string>, []>();
jest.mock("../../workspace/environment.ts", () => ({
  ...jest.requireActual<object>("../../workspace/environment.ts"),
  buildChildEnvironment: () => mockVariables(),
}));
jest.mock("execa", () => ({}));
afterEach(() => jest.restoreAllMocks());

/** Runs `deploy operator` with these variables and returns what it prints. */
async function printOperatorObjects(variables: Record<string, string>, repository = "https://git.example.org/mixcpt") {
  mockVariables.mockReturnValue(variables);
  const write = jest.spyOn(process.stdout, "write").mockReturnValue(true);
  await buildDeployCommand().parseAsync(["operator", "--repository", repository], { from: "user" });
  return String(write.mock.calls[0]?.[0]);
}

describe("deploy operator", () => {
  it.each(["postgres://mixcpt:hidden@db.example.org/state", "s3://key:hid/den@bucket", "https://hidden@state.example"])(
    "prints no credentials of a backend, not even in its error: %s",
    async (backend) => {
      const error: unknown = await printOperatorObjects({ PULUMI_BACKEND_URL: backend }).catch((thrown) => thrown);
      expect(String(error)).toMatch(/^Error: PULUMI_BACKEND_URL: the address has credentials/);
      expect(String(error)).not.toContain("hid");
    },
  );

  it("prints no credentials of a repository", async () => {
    const variables = { PULUMI_BACKEND_URL: "s3://team-state" };
    await expect(printOperatorObjects(variables, "https://token@git.example.org/mixcpt")).rejects.toThrow(
      /^--repository: the address has credentials/,
    );
    expect(await printOperatorObjects(variables, "ssh://git@git.example.org/mixcpt")).toContain("ssh://git@git");
  });

  it.each([{}, { PULUMI_DEFAULT_ORGANIZATION: "" }])(
    "needs the organization of Pulumi Cloud: %j",
    async (variables) => {
      const cloud = { PULUMI_BACKEND_URL: "https://api.pulumi.com", ...variables };
      await expect(printOperatorObjects(cloud)).rejects.toThrow("PULUMI_DEFAULT_ORGANIZATION is not set");
    },
  );
});
