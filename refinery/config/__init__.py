"""What a target's .refinery.yaml says, as a value."""
