"""pyvcs: a version store whose merges converge."""
