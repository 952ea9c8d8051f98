"""What a supervisor sends from Live, and the page of an outage."""
