"""What is written down on a visit: its fields, its operations, how they merge, and what may be told of it. Pure."""
