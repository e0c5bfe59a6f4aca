#!/bin/sh
# The first line of a commit says what changed, in at most 72 characters.
subject=$(head -n 1 "$1")
length=$(printf %s "$subject" | wc -m)
if [ "$length" -gt 72 ]; then
  echo "The subject has $length characters; 72 are enough. The why goes into the body."
  exit 1
fi
