"""What is stored: oids, objects, packs, the commit graph."""
