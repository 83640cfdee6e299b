"""The weekly mail: what it says, as text, as HTML, and its pictures; may import what content may."""
