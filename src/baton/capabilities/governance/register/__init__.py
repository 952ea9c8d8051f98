"""The AI register: every AI system with its need, owner, cost cap and dates, who approved which version, and the evidence of it."""
