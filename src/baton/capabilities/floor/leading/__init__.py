"""What whoever leads the floor does, as events: joining, helping, moving, lending, covering, telling of an outage."""
