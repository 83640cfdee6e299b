"""Messages that go out: queue, schedule, send, copies in the Sent folder; may import what usecases may."""
