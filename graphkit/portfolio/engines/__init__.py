"""What runs a function over many batches: the processors of this machine, or a Ray cluster."""
