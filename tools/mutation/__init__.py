"""Mutation testing: changes the product a little, over and over, and asks whether a test notices.

The changes are mutmut's.  What runs them is made for this suite, of which a good part runs git:
everything is imported and collected once, each mutant is a fork in which one function's code object
is another, and only tests that were seen to run the changed lines are asked, the fastest first,
until one fails.  `scripts/mutation --help` says how it is used.
"""
