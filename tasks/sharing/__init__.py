"""A team's folder on the backend: its files are kept up, and its bodies see it.

Letting a body see the folder tells its focal point so, and is a letter to be approved. Taking it away tells nobody and
waits for nobody, for until then somebody sees what is not theirs any more; it is recorded.
"""

from tasks.sharing.files import keep_files
from tasks.sharing.stage import advance, due, take_away

__all__ = ["advance", "due", "keep_files", "take_away"]
