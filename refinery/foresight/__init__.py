"""Foresight: what planning must know of the code itself, found out cheaply and remembered."""
