"""Everything that touches git: the only package that starts git or imports GitPython."""
