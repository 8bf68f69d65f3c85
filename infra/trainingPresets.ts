/**
 * Variables of trainings for three kinds of network. Each is one that a library does not choose well without help; what
 * depends on the site (NCCL_IB_HCA, NCCL_IB_TC, the path of a plugin) is for `env`. docs/gpu-nodes.md has the same.
 *
 * Sources:
 * - AMD: examples/run_pretrain.sh of Primus, AMD's framework for training (github.com/AMD-AGI/Primus)
 * - NCCL: Environment Variables (docs.nvidia.com/deeplearning/nccl/user-guide/docs/env.html), which RCCL reads as well
 * - OLCF: PyTorch on Frontier (docs.olcf.ornl.gov/software/analytics/pytorch_frontier.html)
 * - HPE: ccl_env.sh (github.com/HewlettPackard/shs-ccl-docs)
 * - LUMI: LUMI AI Guide (github.com/Lumi-supercomputer/LUMI-AI-Guide)
 */

/** For every training on AMD's GPUs. */
const everyNetwork = {
  // Computation and communication take turns on two hardware queues instead of four: stable step times (AMD).
  GPU_MAX_HW_QUEUES: "2",
  // Kernels that communicate go first, because the next layer waits for them (AMD).
  TORCH_NCCL_HIGH_PRIORITY: "1",
} as const;

const singleNode = {
  ...everyNetwork,
  // All traffic uses xGMI and shared memory: RCCL need not look for adapters that the pod cannot open (NCCL).
  NCCL_IB_DISABLE: "1",
} as const;

const roce = {
  ...everyNetwork,
  // The interface of the pod network, for the first contact (NCCL). Otherwise RCCL takes the first one that it finds,
  // which may be that of the fabric, without a route to the other pods. Gloo has a separate variable (AMD).
  NCCL_SOCKET_IFNAME: "eth0",
  GLOO_SOCKET_IFNAME: "eth0",
  // The adapter reads and writes GPU memory itself if both belong to one NUMA node (NCCL; HPE and OLCF for Slingshot).
  // Our assumption for RoCE, too: a GPU and its adapter need not share a PCI switch, which RCCL may ask for by default.
  NCCL_NET_GDR_LEVEL: "PHB",
} as const;

const slingshot = {
  ...everyNetwork,
  // The four adapters of a node; the address of a pod network would lead around them (OLCF, HPE, LUMI).
  NCCL_SOCKET_IFNAME: "hsn0,hsn1,hsn2,hsn3",
  GLOO_SOCKET_IFNAME: "hsn0",
  // Rings may change the adapter from node to node, because the fabric has no separate rails (OLCF, HPE).
  NCCL_CROSS_NIC: "1",
  // Each adapter is attached to a GPU: both always belong to one NUMA node (OLCF, HPE, LUMI).
  NCCL_NET_GDR_LEVEL: "PHB",
  // Memory that PCI devices read is coherent (OLCF, HPE). RCCL itself does not need it since ROCm 5.7 (rccl pull
  // request 842, rccl-tests issue 84), so that `roce` does not set it.
  HSA_FORCE_FINE_GRAIN_PCIE: "1",
  // How libfabric notices that registered memory was freed. `memhooks` can deadlock with the plugin; `userfaultfd`,
  // HPE's value, is a system call that the seccomp profile RuntimeDefault of restricted pods forbids (OLCF).
  FI_MR_CACHE_MONITOR: "kdreg2",
  // Registering host memory with the GPU driver can deadlock (OLCF, HPE).
  FI_CXI_DISABLE_HOST_REGISTER: "1",
  // Room for the completions and sends of many ranks; the defaults overflow at scale (OLCF, HPE).
  FI_CXI_DEFAULT_CQ_SIZE: "131072",
  FI_CXI_DEFAULT_TX_SIZE: "2048",
  // All messages by rendezvous, without copies of small ones before the receiver is ready (OLCF, HPE). Their protocol,
  // alt_read, needs rdzv_get_en=0 of the driver, which Slurm sets for a job and Kubernetes cannot: docs/gpu-nodes.md.
  FI_CXI_RDZV_EAGER_SIZE: "0",
  FI_CXI_RDZV_THRESHOLD: "0",
  // Matching continues in software when the adapter has no entry left, instead of ending the run (OLCF, HPE).
  FI_CXI_RX_MATCH_MODE: "hybrid",
} as const;

export const trainingPresetNames = ["single-node", "roce", "slingshot"] as const;
export type TrainingPreset = (typeof trainingPresetNames)[number];

export const trainingPresets: Readonly<Record<TrainingPreset, Readonly<Record<string, string>>>> = {
  "single-node": singleNode,
  roce,
  slingshot,
};
