"""Terminal output: streams, widths, tables, bars, plots."""
