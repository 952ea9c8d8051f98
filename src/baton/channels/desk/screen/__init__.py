"""The desk's screen: the pages and parts a rep works in, and the forms they send."""
