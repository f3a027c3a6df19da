"""How changes become one: diff, diff3, text, JSON, trees, canonical merges."""
