"""Everything facts mean: work trees, progress, experiments, checks, the graph. Values in, values out."""
