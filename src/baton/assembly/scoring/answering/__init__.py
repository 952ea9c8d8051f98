"""What `baton eval answers` and `baton eval search` measure: the right answer to a plain question, or an honest "not found"."""
