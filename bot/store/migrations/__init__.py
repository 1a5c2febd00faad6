"""The database's versions, oldest first in ``versions/``."""
