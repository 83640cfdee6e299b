"""The pages of the team, behind the door "agent": log-in, board, list, tickets, figures; may import what web may."""
