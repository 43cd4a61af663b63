"""The language of `{{query …}}`: reading, and translation to datalog clauses."""
