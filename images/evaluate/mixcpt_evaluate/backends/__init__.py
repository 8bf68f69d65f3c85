"""Backends that run a model: transformers on any device, with a faster path for plain Llamas on a CPU, and vLLM."""
