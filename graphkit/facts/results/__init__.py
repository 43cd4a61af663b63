"""The result tables of an experiment: header words, layouts, cells, properties."""
