"""Pages of tokens, under one's own account."""
