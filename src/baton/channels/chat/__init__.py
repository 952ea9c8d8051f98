"""Chat: customers write from any web page; replies come over one event stream that never loses its place."""
