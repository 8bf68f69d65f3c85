"""The programs that run a model: transformers on any device, a plain Llama on a CPU, and vLLM."""
