import type { ImageRefs } from "../../jobs/kube/clusterOutputs.ts";
import { imagePython } from "../setup/runInImage.ts";
import type { ImageTarget } from "../setup/workImageRefs.ts";

/** A command that an image must be able to run. */
export interface ImageCheck {
  readonly image: keyof ImageRefs;
  readonly title: string;
  readonly command: readonly string[];
  /** The spec that the command reads, as in a pod. */
  readonly spec?: string;
}

const modules: Readonly<Record<keyof ImageRefs, readonly string[]>> = {
  data: ["mixcpt_data.main", "fasttext", "pyarrow"],
  llamaFactory: [
    ...["mixcpt_train.main", "mixcpt_preflight.main", "mixcpt_export.main", "httpx", "tensorboardX"],
    ...["llamafactory.train.pt.workflow", "llamafactory.train.tuner"],
  ],
  evaluate: ["mixcpt_evaluate.main", "fasttext", "sacrebleu", "pandas", "transformers", "lm_eval", "sklearn", "scipy"],
  store: ["mixcpt_evaluate.main", "mixcpt_monitor.main"],
};

const gpuModules: Readonly<Record<keyof ImageRefs, readonly string[]>> = {
  data: [],
  llamaFactory: ["deepspeed"],
  evaluate: ["vllm"],
  store: [],
};

/** As in a pod: a user without an entry in /etc/passwd, who writes to /tmp only. */
const restrictedUser = [
  "import getpass, os",
  "assert os.getuid() == 1000, f'runs as uid {os.getuid()}; must be 1000'",
  "assert not os.access('/opt/mixcpt', os.W_OK), '/opt/mixcpt can be written'",
  "getpass.getuser()",
].join("\n");

function buildImportCheck(image: keyof ImageRefs, target: ImageTarget): ImageCheck {
  const names = [...modules[image], ...(target === "rocm" ? gpuModules[image] : [])];
  const code = `${restrictedUser}\nimport ${names.join(", ")}`;
  return { image, title: `imports as uid 1000: ${names.join(", ")}`, command: [imagePython, "-c", code] };
}

/** RCCL loads the library when it starts, and uses TCP without it or without a provider for the adapter. */
const rdmaLibraries = [
  "import ctypes, glob",
  "ctypes.CDLL('libibverbs.so.1')",
  "assert glob.glob('/usr/lib/*/libibverbs/*.so'), 'no provider of libibverbs; install ibverbs-providers'",
].join("\n");

const rdmaCheck: ImageCheck = {
  image: "llamaFactory",
  title: "libibverbs loads and has providers for RDMA adapters",
  command: [imagePython, "-c", rdmaLibraries],
};

/** Lists what is checked in the images of a target before they are pushed. `recipes` is tests/rendered/recipes.yaml. */
export function listImageChecks(target: ImageTarget, recipes: string): ImageCheck[] {
  return [
    buildImportCheck("data", target),
    buildImportCheck("llamaFactory", target),
    buildImportCheck("evaluate", target),
    buildImportCheck("store", target),
    ...(target === "rocm" ? [rdmaCheck] : []),
    {
      image: "llamaFactory",
      title: "LLaMA-Factory reads the 36 recipes",
      command: ["mixcpt-train", "check"],
      spec: recipes,
    },
  ];
}
