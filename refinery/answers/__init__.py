"""What is answered to programs: one function makes each document, whoever asks for it."""
