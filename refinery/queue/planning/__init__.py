"""The planner: what a free worker tests next and what a verdict means, pure functions of facts."""
