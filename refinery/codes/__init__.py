"""The stable codes that programs may rely on: what each means, why it comes, what to run next."""
