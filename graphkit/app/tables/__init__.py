"""A vault as flat tables: their columns, their rows, and the rows as Arrow."""
