/**
 * The PCI ids of AMD's accelerators (vendor 1002) with the names that public sources give them, and compute units of
 * one device as nodes report them. Sources, read in August 2026:
 *
 * - `pci.ids`: https://github.com/pciutils/pciids (2026-08-22)
 * - `amdgpu`: the kernel's drivers/gpu/drm/amd/amdgpu/amdgpu_drv.c, which lists ids up to MI250X; it recognizes later
 *   accelerators by their class
 * - `labeler`: cmd/k8s-node-labeller/amdgpu.ids of https://github.com/ROCm/k8s-device-plugin (ed764684)
 * - `operator`: the node features of https://github.com/ROCm/gpu-operator (6df13c17, gpu-nfd-default-rule.yaml)
 * - `profiler`: the chip ids of https://github.com/ROCm/rocprofiler-compute (10c3c1ec, src/utils/mi_gpu_spec.yaml)
 * - `kfd`: the topologies in testdata of ROCm/k8s-device-plugin
 * - `rocminfo`: its output on LUMI (7408), and in https://github.com/ROCm/rocm_smi_lib/issues/160 (740c)
 * - `amd-smi`: its output in https://github.com/ROCm/rocm-systems/pull/2987
 */
export interface StoredPciId {
  readonly id: string;
  /** The model by most sources; undefined if this project does not support it. */
  readonly model: string | undefined;
  readonly names: Readonly<Record<string, string>>;
  /** Compute units of one device in mode SPX, by the nodes that were seen. */
  readonly computeUnits?: number;
}

export const storedPciIds: readonly StoredPciId[] = [
  { id: "738c", model: undefined, names: { "pci.ids": "MI100", labeler: "MI100", operator: "MI100" } },
  {
    id: "7408",
    model: "MI250X",
    names: {
      "pci.ids": "MI250X",
      amdgpu: "Aldebaran",
      labeler: "MI250X",
      operator: "MI250X",
      profiler: "mi250x",
      rocminfo: "gfx90a",
    },
    computeUnits: 110,
  },
  {
    id: "740c",
    model: "MI250",
    names: {
      "pci.ids": "MI250X/MI250",
      amdgpu: "Aldebaran",
      labeler: "MI250X / MI250",
      operator: "MI250/MI250X",
      profiler: "mi250",
      rocminfo: "MI250X/MI250",
    },
    computeUnits: 104,
  },
  {
    id: "740f",
    model: "MI210",
    names: {
      "pci.ids": "MI210",
      amdgpu: "Aldebaran",
      labeler: "MI210",
      operator: "MI210",
      profiler: "mi210",
      kfd: "topo-mi210",
    },
    computeUnits: 104,
  },
  { id: "7410", model: "MI210", names: { amdgpu: "Aldebaran", operator: "MI210 VF" } },
  {
    id: "74a0",
    model: "MI300A",
    names: { "pci.ids": "MI300A", labeler: "MI300A", operator: "MI300A", profiler: "mi300a_a1" },
  },
  {
    id: "74a1",
    model: "MI300X",
    names: { "pci.ids": "MI300X", labeler: "MI300X", operator: "MI300X", profiler: "mi300x_a1", kfd: "topo-mi300-cpx" },
    computeUnits: 304,
  },
  {
    id: "74a2",
    model: undefined,
    names: { "pci.ids": "MI308X", labeler: "MI308X", operator: "MI308X", profiler: "mi308x" },
  },
  {
    id: "74a5",
    model: "MI325X",
    names: { "pci.ids": "MI325X", labeler: "MI325X", operator: "MI325X", profiler: "mi325x" },
  },
  { id: "74a8", model: undefined, names: { labeler: "MI308X HF", operator: "MI308X HF", profiler: "mi308xhf" } },
  {
    id: "74a9",
    model: "MI300X",
    names: { "pci.ids": "MI300X HF", labeler: "MI300X HF", operator: "MI300X HF", profiler: "mi300xhf" },
  },
  { id: "74b4", model: "MI300A", names: { profiler: "mi300a_a1 virtual" } },
  {
    id: "74b5",
    model: "MI300X",
    names: { "pci.ids": "MI300X VF", labeler: "MI300X VF", operator: "MI300X VF", profiler: "mi300x_a1 virtual" },
  },
  { id: "74b6", model: undefined, names: { labeler: "MI308X", operator: "MI308X VF", profiler: "mi308x virtual" } },
  {
    id: "74b9",
    model: "MI325X",
    names: { "pci.ids": "MI325X VF", labeler: "MI325X VF", operator: "MI325X VF", profiler: "mi325x virtual" },
  },
  { id: "74bc", model: undefined, names: { labeler: "MI308X HF VF", operator: "MI308X HF VF" } },
  {
    id: "74bd",
    model: "MI300X",
    names: { "pci.ids": "MI300X HF", labeler: "MI300X HF", operator: "MI300X HF VF", profiler: "mi300xhf virtual" },
  },
  {
    id: "75a0",
    model: "MI350X",
    names: { "pci.ids": "MI350X", labeler: "MI350X", operator: "MI350X", profiler: "mi350", "amd-smi": "MI350X" },
  },
  {
    id: "75a3",
    model: "MI355X",
    names: { "pci.ids": "MI355X", labeler: "MI355X", operator: "MI355X", profiler: "mi355" },
  },
  { id: "75a8", model: undefined, names: { "pci.ids": "MI350P", operator: "MI350P" } },
  { id: "75b0", model: "MI350X", names: { labeler: "MI350X VF", operator: "Mi350X VF", profiler: "mi350 virtual" } },
  { id: "75b3", model: "MI355X", names: { labeler: "MI355X VF", operator: "Mi355X VF", profiler: "mi355 virtual" } },
];
