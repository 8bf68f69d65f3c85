import type { Host } from "./remoteHost.ts";
import {
  buildHost,
  registerCluster,
  registerCommands,
  readExport,
  readEnvironment,
} from "./registeredCluster.fixture.ts";

describe("three control planes", () => {
  const endpoint = { heldBy: "kube-vip", address: "10.0.0.100", port: 6443 } as const;
  const plane = (number: number): Host => ({ ...buildHost(number), role: "control-plane" });
  const hosts = [plane(1), plane(2), plane(3), buildHost(4)];

  it("join one after another, before the workers, through an endpoint that each of them can hold", async () => {
    const { commands, dependencies } = await registerCluster(hosts, { endpoint });
    expect(readExport(commands.get("node-gpu-1-init")?.create, "KUBEADM_CONFIG")).toContain(
      "controlPlaneEndpoint: 10.0.0.100:6443",
    );
    expect(dependencies.get("node-gpu-2-admission")).toContain("node-gpu-1-endpoint");
    expect(dependencies.get("node-gpu-3-admission")).toContain("node-gpu-2-endpoint");
    expect(dependencies.get("node-gpu-4-admission")).toContain("node-gpu-3-endpoint");
    for (const id of ["gpu-1", "gpu-2", "gpu-3"])
      expect(readExport(commands.get(`node-${id}-endpoint`)?.create, "MANIFEST")).toContain(
        "mixcpt.local/kube-vip:v1.0.0",
      );
    expect([...commands.keys()].filter((name) => name.includes("-endpoint-images"))).toHaveLength(3);
  });

  it("get the keys of the first by way of the operator's machine, so that no state holds them", async () => {
    const { commands, dependencies } = await registerCluster(hosts, { endpoint });
    const join = commands.get("node-gpu-2-join");
    expect(readEnvironment(join)).toMatchObject({ CONTROL_ADDRESS: "10.0.0.1", ADDRESS: "10.0.0.2" });
    expect(join?.create).toContain('"$READ" </dev/null | run_script host "$RECEIVE"');
    expect(readExport(readEnvironment(join)["RECEIVE"], "JOIN")).toBe("printed by node-gpu-2-admission");
    expect(dependencies.get("node-gpu-2-join")).toContain("node-gpu-2-admission");
  });

  it("leave one after another and after the workers; another one acts for the first", async () => {
    const { commands, dependencies } = await registerCluster(hosts, { endpoint });
    expect(dependencies.get("node-gpu-4-claim")).toContain("node-gpu-3-claim");
    expect(dependencies.get("node-gpu-3-claim")).toContain("node-gpu-2-claim");
    const environments = [1, 2, 3, 4].map((id) => readEnvironment(commands.get(`node-gpu-${String(id)}-claim`)));
    expect(environments.map((environment) => environment["CONTROL_ADDRESS"])).toEqual([
      "10.0.0.2",
      "10.0.0.1",
      "10.0.0.1",
      "10.0.0.1",
    ]);
    expect(environments.map((environment) => environment["ROLE"])).toEqual([
      ...Array<string>(3).fill("control-plane"),
      undefined,
    ]);
  });

  it("need no static pod where a load balancer holds the endpoint", async () => {
    const commands = await registerCommands(hosts, {
      endpoint: { heldBy: "load-balancer", address: "api.example", port: 443 },
    });
    expect(readExport(commands.get("node-gpu-2-endpoint")?.create, "MANIFEST")).toBe("");
    expect(readExport(commands.get("node-gpu-1-init")?.create, "HELD_ADDRESS")).toBe("");
    expect([...commands.keys()].some((name) => name.includes("endpoint-images"))).toBe(false);
  });
});
