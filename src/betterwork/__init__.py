"""The Better Work platform: software that runs a factory labour-standards programme."""

__version__ = "0.1.0"
