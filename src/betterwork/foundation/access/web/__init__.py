"""Pages of access: who has it, giving it, taking it for a while."""
