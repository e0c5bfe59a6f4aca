"""One package a chat platform; each imports only the core of ours."""
