"""Sources and sinks: an adapter translates and transports; it knows no ticket rule."""
