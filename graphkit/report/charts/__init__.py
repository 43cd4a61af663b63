"""Charts as small SVG: values in, markup out, the same bytes for the same values. One kind a module."""
