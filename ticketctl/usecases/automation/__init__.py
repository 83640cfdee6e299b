"""What happens by itself: rules, sweeps, escalation, notifications, rate limits; may import what usecases may."""
