"""Making and holding the catalogues: what ``scripts/messages`` does. Nothing of it runs in a server."""
