"""The SIMULATED demonstration programme: factories that never were, in the shape of the real programme."""
