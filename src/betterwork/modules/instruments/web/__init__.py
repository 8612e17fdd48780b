"""Pages of assessment tools: reading them, writing drafts, their way into force."""
