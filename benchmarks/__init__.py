"""Measures refinery against git alone, against a rival, and against itself at other sizes."""
