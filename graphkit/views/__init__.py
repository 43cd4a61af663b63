"""From facts to the text that graphkit writes into a vault: contexts, templates, managed regions, plans."""
