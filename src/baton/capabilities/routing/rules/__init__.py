"""Rules: what an organisation says of its queues, in one policy that deciding reads."""
