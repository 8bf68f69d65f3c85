import { load } from "js-yaml";
import { leadDirectly, leadThroughTunnel } from "./tunneledKubeconfig.ts";

const kubeconfig = `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: QUJD
    server: https://10.0.0.11:6443
  name: lab
users:
- name: admin
  user: { token: t }
`;

it("leads to the tunnel and still checks the certificate of the API server", () => {
  const led = leadThroughTunnel(kubeconfig, 16443);
  expect(load(led)).toEqual({
    apiVersion: "v1",
    clusters: [
      {
        cluster: {
          "certificate-authority-data": "QUJD",
          server: "https://127.0.0.1:16443",
          "tls-server-name": "kubernetes",
        },
        name: "lab",
      },
    ],
    users: [{ name: "admin", user: { token: "t" } }],
  });
  expect(leadThroughTunnel(led, 16443)).toBe(led);
});

it("leads directly again, and changes no kubeconfig that never led through a tunnel", () => {
  const back = leadDirectly(leadThroughTunnel(kubeconfig, 16443), "10.0.0.11:6443");
  expect(load(back)).toEqual(load(kubeconfig));
  expect(leadDirectly(kubeconfig, "10.0.0.12:6443")).toBe(kubeconfig);
});

it("leaves text without clusters as it is", () => {
  expect(load(leadThroughTunnel("kind: Config\n", 16443))).toEqual({ kind: "Config" });
});
