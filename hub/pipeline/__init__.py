"""Pure functions over batches of raw records: the gate that keeps persons out, hashing, and normalising."""
