"""Text for a vault, made from facts: contexts, templates, managed regions, plans."""
