"""Pictures as they are handed out: once drawn, and no heavier than a platform takes."""

import io

import pytest
from PIL import Image

from bot.content.pictures import Picture
from bot.web.gallery import Gallery

MEGABYTE = 1024 * 1024


@pytest.fixture(scope="module")
def gallery() -> Gallery:
    """A screenshot of a snowstorm, which no format makes small."""
    out = io.BytesIO()
    Image.merge("RGB", [Image.effect_noise((720, 1000), 200) for _ in range(3)]).save(out, "PNG")
    return Gallery({"tuyet": Picture(name="tuyet", caption="Tuyết rơi", screenshot=out.getvalue())})


@pytest.mark.parametrize("most", [MEGABYTE, MEGABYTE // 3, MEGABYTE // 20])
def test_a_picture_is_made_to_fit(gallery: Gallery, most: int) -> None:
    whole, small = gallery.png("tuyet"), gallery.png("tuyet", most=most)
    assert whole is not None
    assert small is not None
    assert len(whole) > MEGABYTE
    assert len(small) <= most
    with Image.open(io.BytesIO(small)) as image:
        assert image.height == pytest.approx(image.width / 720 * 1000, abs=2)


def test_a_picture_that_fits_stays_as_it_is(gallery: Gallery) -> None:
    assert gallery.png("tuyet", most=10 * MEGABYTE) == gallery.png("tuyet")
    assert gallery.png("khong_co", most=1) is None
