"""Labelled pairs of SIMULATED factories, made from a seed: what the matching is trained on and measured against."""
