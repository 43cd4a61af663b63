"""Engines run a function over many batches: on the processors of this machine, or on a Ray cluster."""
