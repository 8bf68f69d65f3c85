import { issueUserCertificate } from "./userCertificate.ts";

const requests: string[] = [];
const refusal = Object.assign(new Error("cannot approve requests of this signer"), { code: 403 });

jest.mock("./apiClients.ts", () => ({
  createApiClients: () => ({
    certificates: {
      createCertificateSigningRequest: ({ body }: { body: { metadata: { name: string } } }) => {
        requests.push(`create ${body.metadata.name}`);
        return Promise.resolve(body);
      },
      replaceCertificateSigningRequestApproval: () => Promise.reject(refusal),
      deleteCertificateSigningRequest: ({ name }: { name: string }) => Promise.resolve(requests.push(`delete ${name}`)),
    },
  }),
}));

it("leaves no request behind that the user may create but not approve, and says what to use instead", async () => {
  const order = { cluster: "site", kubeconfig: "", user: "ada", group: "mixcpt:view", hours: 8 };
  await expect(issueUserCertificate(order)).rejects.toThrow(/denied access.*; or leave out --user for a token/);
  const [created = "", ...others] = requests;
  expect(created).toMatch(/^create mixcpt-mixcpt-view-ada-[0-9a-f]{8}$/);
  expect(others).toEqual([created.replace("create", "delete")]);
});
