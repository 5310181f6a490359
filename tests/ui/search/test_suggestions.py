from ui import resources
from ui.jobs import indexing
from ui.search import suggestions


def tries(page) -> list[str]:
    return [b.label for b in page.app.button if (b.key or "").startswith("try_")]


def test_an_empty_search_offers_searches_to_press(filled, open_page):
    page = open_page()
    assert page.ids == []
    page.press(f"try_{tries(page)[0]}")
    assert page.params == {"q": "sunset over the sea"}
    assert len(page.ids) == 40
    assert tries(page) == []


def test_the_sample_library_gets_searches_that_suit_it(open_page, library, few_pictures):
    engine = resources.open_engine()
    sample = indexing.sample_folder(engine)
    sample.parent.mkdir(parents=True, exist_ok=True)
    sample.symlink_to(few_pictures)
    engine.index([sample])
    resources.forget_facts()
    assert tries(open_page()) == list(suggestions.FOR_SAMPLE)


def test_an_empty_search_shows_the_latest_images_which_lead_on(filled, open_page):
    latest = [record.id for record in resources.open_engine().latest(30)]
    page = open_page()
    assert [hit["id"] for hit in page.gallery("latest")["hits"]] == latest
    assert not page.gallery("latest")["canMark"]
    assert not page.gallery("latest")["hasMore"]
    page.act("more", latest[3], key="latest")
    assert page.params == {"like": str(latest[3])}
    assert page.ids[0] == latest[3]


def test_the_latest_images_can_be_opened_and_searched_against(filled, open_page):
    page = open_page()
    page.act("open", 7, key="latest")
    assert page.params == {"view": "7"}
    assert page.draws("viewer")
    page.act("less", 7, key="latest")
    assert page.params == {"unlike": "7"}
