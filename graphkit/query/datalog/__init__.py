"""Datalog as Logseq's database reads it: parsing, planning, evaluation."""
