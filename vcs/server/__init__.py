"""A repository on the network: HTTP requests, each of which is one turn of a sync."""
