"""Histories of git brought here, and back. What is kept of each object: docs/formats/git.md."""
