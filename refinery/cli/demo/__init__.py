"""The demonstration: a stage of throw-away repositories and the story that is played on it."""
