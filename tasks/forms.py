"""Forms: sections with a heading and guidance in a language, and reading back what a person wrote into them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tasks.adapters.word import reader
from tasks.adapters.word.build import Guidance
from tasks.adapters.word.ingest import Docx
from tasks.desk import Desk
from tasks.domain.locale import format_number
from tasks.domain.text import Block, Heading, Paragraph, Text, WordCount, split_sections, text_of


def form_blocks(desk: Desk, language: str, sections: Sequence[str]) -> list[Block]:
    """Each section's heading and, under it, what belongs there."""
    words = desk.words(language)
    blocks: list[Block] = []
    for key in sections:
        blocks.append(Heading(1, (Text(words(f"sections.{key}")),), key))
        blocks += [Guidance((Text(line),)) for line in words.strings(f"guidance.{key}")]
        blocks.append(Paragraph(()))  # a line to write on, in plain style
    return blocks


def headings_of(desk: Desk, sections: Sequence[str]) -> dict[str, set[str]]:
    """Every wording of each section's heading, in all languages: a partner may have changed the form's language."""
    languages = [language.id for language in desk.edition.languages]
    return {key: {desk.words(language)(f"sections.{key}") for language in languages} for key in sections}


def own_blocks(desk: Desk, blocks: Iterable[Block], sections: Sequence[str]) -> list[Block]:
    """What a person wrote: the blocks without the form's guidance, required headings marked with their key."""
    languages = [language.id for language in desk.edition.languages]
    guidance = {
        _squeeze(line)
        for language in languages
        for key in sections
        for line in desk.words(language).strings(f"guidance.{key}")
    }
    keys = {_squeeze(text).casefold(): key for key, texts in headings_of(desk, sections).items() for text in texts}
    kept: list[Block] = []
    for block in blocks:
        if isinstance(block, Paragraph) and _squeeze(text_of(block)) in guidance:
            continue
        if isinstance(block, Heading) and (key := keys.get(_squeeze(text_of(block)).casefold())):
            block = Heading(block.level, block.content, key)
        kept.append(block)
    return kept


def count_words(desk: Desk, docx: Docx, blocks: Sequence[Block], sections: Sequence[str]) -> WordCount:
    """Words of a filled form whose body reads as `blocks`, the form's own guidance not counted."""
    count = reader.count_words(docx)
    own = own_blocks(desk, blocks, sections)
    hints = sum(reader.words(text_of(block)) for block in blocks) - sum(reader.words(text_of(block)) for block in own)
    return WordCount(count.body - hints, count.tables, count.footnotes)


def written_sections(desk: Desk, blocks: Iterable[Block], sections: Sequence[str]) -> dict[str, list[Block]]:
    """The sections that hold something of the person's own."""
    own = own_blocks(desk, blocks, sections)
    found = split_sections(own, headings_of(desk, sections))
    return {key: content for key, content in found.items() if any(text_of(block).strip() for block in content)}


def reasons_for(
    desk: Desk, problems: Iterable[tuple[str, int | str]], language: str, words: int, limit: int
) -> list[str]:
    """Problems (see `tasks.domain.concept_note.problems`) as sentences in `language`."""
    wording, locale = desk.words(language), desk.edition.language(language).locale
    reasons = []
    for kind, detail in problems:
        if kind == "too-long":
            assert isinstance(detail, int)
            reasons.append(
                wording(
                    "reasons.too_long",
                    words=format_number(words, locale),
                    limit=format_number(limit, locale),
                    over=format_number(detail, locale),
                )
            )
        elif kind == "missing":
            reasons.append(wording("reasons.missing", section=wording(f"sections.{detail}")))
        else:
            reasons.append(wording(f"reasons.{kind}", detail=detail))
    return reasons


def spoken_problems(problems: Iterable[tuple[str, int | str]], words: int, limit: int, owner: str) -> str:
    """Problems for the log and the ledger, in one line, with what to do next."""
    found = []
    for kind, detail in problems:
        if kind == "too-long":
            found.append(f"{words:,} words, the limit is {limit:,}; return it to {owner} to cut {detail:,}")
        elif kind == "missing":
            found.append(f"the part {detail!r} is missing or empty")
        else:
            found.append(": ".join(filter(None, (kind.replace("_", " "), str(detail)))))
    return "; ".join(found)


def _squeeze(text: str) -> str:
    return " ".join(text.split()).strip(" .:")
