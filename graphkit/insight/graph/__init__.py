"""The networkx graph of a vault, and questions about it."""
