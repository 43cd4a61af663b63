"""Everything that knows about terminals: streams, widths, tables, bars, plots."""
