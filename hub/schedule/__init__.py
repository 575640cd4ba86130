"""When sources are due, and the runs that follow."""
