"""Bytes by key: where packs and refs live."""
