"""Settings with a name: what teams of several kinds bring to a queue in a working day."""

from __future__ import annotations

from refinery.simulation.trace import Setting

SMALL_TEAM = Setting(arrivals=5, workers=2)
LARGE_TEAM = Setting(arrivals=40, workers=8, fail=0.08, flake=0.005, interact=0.0001)
AGENT_FLEET = Setting(arrivals=60, workers=16, fail=0.12, flake=0.02, interact=0.0005)

# Ananthanarayanan et al., EuroSys 2019: half-hour builds, outcomes that a model foretells.
UBER = Setting(
    arrivals=300,
    workers=100,
    changes=500,
    duration=30,
    spread=0.1,
    shortest=18,
    longest=60,
    fail=0.05,
    foresight=0.8,
)

# Fifty agents ask for more than four workers can do, and one person works among them.
AGENTS_AND_PERSON = Setting(
    arrivals=60, workers=4, changes=400, flake=0.01, batch=16, agents=50, person=2
)

PRESETS = {
    "small-team": SMALL_TEAM,
    "large-team": LARGE_TEAM,
    "agent-fleet": AGENT_FLEET,
    "agents-and-person": AGENTS_AND_PERSON,
    "uber": UBER,
}
