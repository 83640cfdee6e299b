"""Messages going out: queue, schedule, send, copies in the Sent folder."""
