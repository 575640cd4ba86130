"""The demonstration: invented sources, a run over them, and a report that takes its facts from the database alone."""
