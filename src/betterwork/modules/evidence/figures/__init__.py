"""What the pages of evidence show: counted once per set of documents, kept in small files, read without an engine."""
