"""Replicas exchange commits and the heads of branches."""
