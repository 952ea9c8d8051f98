"""The Escalations page: what led from AI to people, with control limits, and what the AI lacked."""
