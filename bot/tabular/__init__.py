"""Tables as files: csv, json and xlsx, in parts that a chat platform takes."""
