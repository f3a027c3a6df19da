"""The roads that bytes take between two replicas."""
