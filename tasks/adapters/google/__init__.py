"""Google Workspace: files on a shared drive, mail through Gmail, milestones on a shared calendar."""
