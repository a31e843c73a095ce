"""The people of a rehearsal: the files they write, and the mails they send them in."""

from tasks.rehearsal.players import Players, Sent, last_day, load_script
from tasks.rehearsal.post import LocalPost, Post, mail_name, mail_of

__all__ = ["LocalPost", "Players", "Post", "Sent", "last_day", "load_script", "mail_name", "mail_of"]
