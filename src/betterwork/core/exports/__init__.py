"""The layout of assessment exports and its rules, as pure functions over plain values.

``layout`` knows the columns, ``values`` reads single texts, ``judging`` decides about the two
halves of a row, ``rows`` keeps what was read in little memory, and ``assembling`` turns the rows
of one assessment into the content of its document and says which rows were refused and why.
"""
