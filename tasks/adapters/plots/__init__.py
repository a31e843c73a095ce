"""Pictures of plans and figures, as PNG."""
