"""What judging builds once, built by importing this: words as a tree, patterns of quantities. Processes forked then share it."""

from perfscore.cutting import tree
from perfscore.quantity import parse
from perfscore.text import dictionary

__all__: list[str] = []

tree(dictionary())
parse("")
