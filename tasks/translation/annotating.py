"""The returned bilingual file as it goes back: each finding a comment or note at the row it is about."""

from __future__ import annotations

from dataclasses import replace

from tasks.adapters.contents import Content, XliffFile
from tasks.adapters.ledger import Record
from tasks.adapters.word.opc import Docx
from tasks.adapters.word.redraft.pen import Pen
from tasks.adapters.word.remarks import put_remarks
from tasks.desk import Desk
from tasks.domain.checks import Check
from tasks.domain.locale import is_rtl, proofing_tag
from tasks.translation.checking import Checked, spoken, weight
from tasks.translation.forms import AUTHOR, written


def annotated(desk: Desk, record: Record, returned: Content, checked: Checked, translator: str | None) -> bytes:
    """A returned file with a comment for each finding that nobody waived, in the language its translator is written to.

    In XLIFF it is a note. Rows without a translation get none: they are seen as they are. What the translator wrote and
    commented stays; comments of ours from an earlier time go. `returned` is not changed.
    """
    language = desk.edition.language(record.facts["language"])
    if translator:
        language = desk.recipient(translator, translator).language
    words = desk.words(language.id)
    remarks: dict[str, list[str]] = {}
    for finding in checked.findings:
        if finding.check is not Check.MISSING and finding.key not in checked.waived:
            said = words("label_value", label=weight(words, checked, finding), value=spoken(words, finding))
            remarks.setdefault(finding.segment, []).append(said)
    if isinstance(returned, XliffFile):
        rows = (replace(row, notes=tuple(remarks.get(row.id, ()))) for row in returned.rows)
        return written(desk.edition.language(record.facts["language"]).files, replace(returned, rows=tuple(rows)))
    docx = Docx(dict(returned.parts), returned.name)
    put_remarks(docx, remarks, Pen(AUTHOR, desk.now), proofing_tag(language.locale), is_rtl(language.locale))
    return docx.to_bytes()
