"""The miniature start model: a small tokenizer and a Llama with random weights."""
