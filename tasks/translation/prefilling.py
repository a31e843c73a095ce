"""A machine fills in what nobody knows of a paper; its words stay a machine's until a person has read them."""

from __future__ import annotations

from tasks.desk import Desk
from tasks.domain import rights
from tasks.domain.errors import NotNow
from tasks.domain.rights import Subject
from tasks.domain.targets import Origin, Standing, Target, propose
from tasks.domain.translation import STAGE, ask_until
from tasks.pretranslation import Pretranslator, pretranslate, units_of
from tasks.translation.checking import find_translation
from tasks.translation.forms import bilingual_files, share_for
from tasks.translation.knowing import matches_for
from tasks.translation.sending import by_translator, enclose, request
from tasks.translation.working import facts_of, keep, load, segments_of


def prefill(desk: Desk, key: str, provider: Pretranslator | None, approved: str = "") -> str:
    """Let a machine propose a translation for every row that has nothing; the translators get new files with it.

    Raises:
        NotNow: no machine translates into the language, the translation is not at its translators, nothing is left
            without a proposal, or what it costs is not approved by the code of exactly these texts.
        NotYours: the edition's rights do not let the desk's person decide about it.
        Unknown: there is no such translation.
    """
    record = find_translation(desk, key)
    rights.allow(desk.edition, desk.by, "decide", Subject(STAGE, record.session))
    language, session = record.facts["language"], desk.edition.session(record.session or "")
    if provider is None:
        raise NotNow(f"{key}: no machine translates into {language}; name one in `pretranslation` of the language")
    if record.state != "sent":
        raise NotNow(f"{key}: a machine fills in what is with the translators; the translation is {record.state}")
    segments, translated = segments_of(desk, record.facts["final"]), load(desk, record)
    missing = {each.id for each in segments if translated.standing(each) is Standing.MISSING}
    source = desk.edition.drafting_language.id
    found = pretranslate(desk, source, language, units_of(segments), provider=provider, approved=approved or None)
    sources = {each.id: each.text for each in segments}
    proposals = {
        id: Target(sources[id], each.text, Origin.MACHINE, each.came_from)
        for id, each in found.suggestions.items()
        if each.kind == "machine" and id in missing
    }
    if not proposals:
        raise NotNow(f"{key}: nothing is left for {provider.name}; every row has a translation or a proposal")
    translated, version = propose(translated, segments, proposals), record.facts["version"]
    until = ask_until(desk.edition, desk.due("translation-due", key), desk.today, is_again=False)
    shares, matches = [], matches_for(desk, language, segments)
    for translator, rows in by_translator(desk, record, segments, translated).items():
        share = share_for(desk, record, translator, rows, until)
        files = bilingual_files(desk, session, record, version, share, translated, matches)
        shares.append((files, request(desk, session, record, translator, share, is_again=False)))
    text = keep(desk, record, translated)
    with desk.change(f"{provider.name} has filled in {len(proposals)} rows") as change:
        change.note(record, **facts_of(text, segments, translated))
        if text:
            desk.add(change, text)
        for files, drafted in shares:
            enclose(desk, change, files, drafted, f"{version}/{files[0].number}")
    told = f"{key}: {len(proposals)} rows proposed by {provider.name}"
    if found.damaged:
        told += f"; {len(found.damaged)} left out, whose codes it damaged: {', '.join(found.damaged)}"
    return told
