"""Pure types and rules: no input or output, no vendor import."""
