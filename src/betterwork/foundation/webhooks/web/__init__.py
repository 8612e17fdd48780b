"""Pages of webhooks, under one's own account."""
