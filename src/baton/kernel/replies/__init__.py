"""The reply channel's gate: what an AI may say. Each sentence rests on a source, links and addresses are the company's, nothing planted passes."""
