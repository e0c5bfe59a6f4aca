"""Tables as files: csv, json, JSON Lines and xlsx, in parts that a chat platform takes."""
