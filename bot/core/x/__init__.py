"""Rules of X: weighted length, links, hashtags, languages, tweets and accounts as people write them. Pure."""
