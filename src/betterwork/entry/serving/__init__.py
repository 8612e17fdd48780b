"""Serving the pages and doing the work off the request."""
