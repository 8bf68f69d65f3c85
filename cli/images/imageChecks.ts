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

/** As in a pod: a user without an entry in /etc/passwd, who can write to /tmp only. */
const restrictedUser = [
  "import getpass, os",
  "assert os.getuid() == 1000, f'runs as uid {os.getuid()}; must be 1000'",
  "assert not os.access('/opt/mixcpt', os.W_OK), '/opt/mixcpt can be written'",
  "assert os.statvfs('/').f_flag & os.ST_RDONLY, 'the root can be written'",
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

/** A machine that builds images has no GPU: there the tool ends with an error, but has loaded all that it needs. */
const runAmdSmi = [
  "import os, shutil, subprocess",
  "tool = shutil.which('amd-smi', path=os.environ['PATH'] + ':/opt/rocm/bin')",
  "assert tool, 'no amd-smi; install amd-smi-lib'",
  "result = subprocess.run([tool, 'version'], capture_output=True, text=True)",
  "output = result.stdout + result.stderr",
  "assert result.returncode == 0 or 'not found in modules' in output, f'amd-smi version: {output}'",
].join("\n");

const amdSmiCheck: ImageCheck = {
  image: "llamaFactory",
  title: "amd-smi runs, with which preflight reads ECC errors",
  command: [imagePython, "-c", runAmdSmi],
};

/** Files of tests/rendered, each the spec of one check of recipes. */
export interface RenderedRecipes {
  readonly study: string;
  readonly executions: string;
}

function buildRecipeCheck(title: string, spec: string): ImageCheck {
  return { image: "llamaFactory", title: `LLaMA-Factory reads ${title}`, command: ["mixcpt-train", "check"], spec };
}

/** Lists what is checked in the images of a target before they are pushed. */
export function listImageChecks(target: ImageTarget, { study, executions }: RenderedRecipes): ImageCheck[] {
  return [
    buildImportCheck("data", target),
    buildImportCheck("llamaFactory", target),
    buildImportCheck("evaluate", target),
    buildImportCheck("store", target),
    ...(target === "rocm" ? [rdmaCheck, amdSmiCheck] : []),
    buildRecipeCheck("the 36 recipes", study),
    buildRecipeCheck("recipes with each setting of mixcpt:execution", executions),
  ];
}
