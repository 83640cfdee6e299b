"""What ticketctl can do, whoever calls: the shell, cron, later the web."""
