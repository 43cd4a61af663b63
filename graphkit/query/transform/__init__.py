"""A small closed interpreter of Clojure for `:result-transform`: values in, values out, every step counted."""
