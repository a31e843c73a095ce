"""Where comments gather: darker with more of them, mirrored from right to left, never a mistake."""

from __future__ import annotations

import io

from PIL import Image, ImageStat

from tasks.adapters.plots.heat import Heat, draw_heat


def drawn(*counts: int, language: str = "en") -> Image.Image:
    paragraphs = tuple(Heat(number, "Words of a paragraph", count) for number, count in enumerate(counts, start=1))
    return Image.open(io.BytesIO(draw_heat(paragraphs, title="", language=language))).convert("L")


def ink(picture: Image.Image) -> float:
    """How dark a picture is, 0 to 255."""
    return 255 - ImageStat.Stat(picture).mean[0]


def test_a_paragraph_is_the_darker_the_more_comments_it_has():
    assert ink(drawn(0, 0, 0)) < ink(drawn(0, 0, 1)) < ink(drawn(9, 9, 9))
    # What counts is its share of the most: one of nine is lighter than one of one.
    assert ink(drawn(9, 1, 1)) < ink(drawn(9, 9, 9))


def test_from_right_to_left_the_paper_begins_at_the_right():
    for language, side in (("en", 0), ("ar", 1)):
        picture = drawn(5, 5, 5, language=language)
        halves = [picture.crop((x, 0, x + picture.width // 2, picture.height)) for x in (0, picture.width // 2)]
        assert ink(halves[side]) > ink(halves[1 - side])


def test_a_long_paper_gets_columns_and_an_empty_one_a_picture():
    assert drawn(*[1] * 90).height < 2 * drawn(*[1] * 30).height
    assert drawn().width == drawn(1).width
