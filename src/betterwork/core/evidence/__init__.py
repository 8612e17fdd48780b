"""Evidence without a store: which assessments count, what is counted, what may be compared. Pure."""
