"""What the image holds beside the project: it prepares the stack, and checks the health of its parts."""
