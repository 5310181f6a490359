import pytest

pytest.importorskip("torch", reason="training needs requirements-training.txt")

from training.recipe import RECIPE, read_recipe


def test_the_recipe_that_ships_is_read():
    recipe = read_recipe()
    assert recipe.train.text_rate == recipe.train.image_rate == 0, "the heads learn alone"
    assert recipe.tune.image_rate > recipe.finish.image_rate > 0
    assert recipe.tune.recognise > 0
    assert set(recipe.tune.mixture) == set(recipe.train.mixture)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("batch = 384", "batsh = 384", r"\[tune\]: batsh is no setting; there are .*batch"),
        ("steps = 500", "", r"\[tune\]: .*'steps'"),
        ("[finish]", "[finnish]", "finish"),
        ("input_dropout", "dropin", r"\[heads\]: dropin"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path, old, new, said):
    path = tmp_path / "recipe.toml"
    text = RECIPE.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ValueError, match=said) as caught:
        read_recipe(path)
    assert str(path) in str(caught.value)
