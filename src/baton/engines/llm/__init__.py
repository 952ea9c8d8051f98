"""Models that think: any server that speaks OpenAI's chat API, tried in order. Imported only where one is configured (extra `llm`)."""
