"""The compliance report: what was handed in and issued on time, and whose delay what was late is."""

from tasks.compliance.report import Compliance, assess, draw_picture, keep_report
from tasks.compliance.rows import rows_of

__all__ = ["Compliance", "assess", "draw_picture", "keep_report", "rows_of"]
