/** The folder beside the store that a pod may write to; it ends with the pod. */
export const scratchDirectory = "/tmp";

/** Size of an evaluation's /dev/shm, which one process on one device hardly uses. */
export const evaluationSharedMemory = "64Mi";

/**
 * The user of a pod. An image need not have an entry for its number: without one, getpass.getuser(), which torch's
 * compiler and vLLM from 0.22 on call, raises an error unless a variable names the user (vllm issue 44548).
 */
export const userVariables = { HOME: scratchDirectory, USER: "mixcpt", LOGNAME: "mixcpt" } as const;

/**
 * Folders in which the libraries of pods with devices keep what they compile or download. An image's own value may be a
 * folder that a pod cannot write to. The setting `env` of a cluster may choose others.
 *
 * AOTRITON_CACHE_DIR, which some scripts set, is not here: AOTriton's kernels are compiled when it is built, and it
 * reads no such variable (github.com/ROCm/aotriton at 30ae9671). AITER compiles into ~/.aiter where its own folder
 * cannot be written, and the home is /tmp.
 */
export const cacheVariables = {
  XDG_CACHE_HOME: `${scratchDirectory}/cache`,
  HF_HOME: `${scratchDirectory}/cache/huggingface`,
  MIOPEN_USER_DB_PATH: `${scratchDirectory}/cache/miopen`,
  MIOPEN_CUSTOM_CACHE_DIR: `${scratchDirectory}/cache/miopen`,
  TORCHINDUCTOR_CACHE_DIR: `${scratchDirectory}/cache/torchinductor`,
  // operators of DeepSpeed, which it compiles when a run first uses one
  TORCH_EXTENSIONS_DIR: `${scratchDirectory}/cache/torch-extensions`,
  // ROCm's compiler of kernels
  AMD_COMGR_CACHE_DIR: `${scratchDirectory}/cache/comgr`,
  TRITON_CACHE_DIR: `${scratchDirectory}/cache/triton`,
  VLLM_CACHE_ROOT: `${scratchDirectory}/cache/vllm`,
} as const;

/** MLflow's own variables; a Secret has the first one, or the other two. */
export const trackerVariables = [
  "MLFLOW_TRACKING_TOKEN",
  "MLFLOW_TRACKING_USERNAME",
  "MLFLOW_TRACKING_PASSWORD",
] as const;

/** Variables that a cluster may not set, by the reason. A word that ends in an underscore stands for all such names. */
const reservedVariables: readonly (readonly [reason: string, names: readonly string[]])[] = [
  ["every pod has the user and the home of this project", Object.keys(userVariables)],
  ["they pass work to this project's programs", ["MIXCPT_", "JOB_COMPLETION_INDEX", "SACREBLEU"]],
  [
    "Kubeflow Trainer and LLaMA-Factory tell the processes of a training about each other",
    [
      ...["PET_", "NNODES", "NODE_RANK", "NPROC_PER_NODE", "MASTER_ADDR", "MASTER_PORT", "FORCE_TORCHRUN"],
      ...["RANK", "LOCAL_RANK", "GROUP_RANK", "WORLD_SIZE", "LOCAL_WORLD_SIZE", "PYTHON_EXEC"],
    ],
  ],
  [
    "pods with devices work offline, with one thread per process",
    ["OMP_NUM_THREADS", "HF_HUB_OFFLINE", "HF_DATASETS_OFFLINE", "TRANSFORMERS_OFFLINE"],
  ],
  ["it comes from the Secret that mixcpt:tokenSecret names", ["HF_TOKEN"]],
  ["it comes from the Secret that mixcpt:tracker names", trackerVariables],
  [
    "the device plugin decides which devices a pod sees",
    ["HIP_VISIBLE_DEVICES", "ROCR_VISIBLE_DEVICES", "CUDA_VISIBLE_DEVICES", "GPU_DEVICE_ORDINAL"],
  ],
  ["the kubelet sets them", ["KUBERNETES_"]],
];

function isNamed(variable: string, word: string): boolean {
  return word.endsWith("_") ? variable.startsWith(word) : variable === word;
}

/** Returns the reason why a cluster may not set a variable; undefined if it may. */
export function findReservation(variable: string): string | undefined {
  return reservedVariables.find(([, names]) => names.some((word) => isNamed(variable, word)))?.[0];
}
