"""Files of the store and of the Hugging Face hub."""
