"""Which advisors assess which factory in which week, unannounced, and why. Pure.

``values`` are the words, ``checking`` tells which hard rules a visit breaks (light: anybody may import it),
``solving.plan`` makes a plan and needs scipy: a job imports it, a page never does.
"""
