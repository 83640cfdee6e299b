"""What ticketctl can do, whoever calls: the shell, cron, later a web page; may import content, ports, domain,
errors."""
