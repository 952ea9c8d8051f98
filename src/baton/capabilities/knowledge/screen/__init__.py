"""Knowledge on a screen: articles with owner and review date, search with citations, one article, and the gaps."""
