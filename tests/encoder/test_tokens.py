from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer
from vs_tiny import tokenizer

from engine.encoder import Encoder, ModelError
from engine.encoder.manifest import TextRules
from engine.encoder.tokens import TextTokenizer

RULES = TextRules(context_length=16, padding="longest", pad_id=0, lowercase=False, prompt="{}")


@pytest.fixture(scope="module")
def file(encoder: Encoder) -> Path:
    return encoder.manifest.folder / encoder.manifest.tokenizer.file


def tokens(file: Path, *texts: str, **changes: object) -> list[list[int]]:
    """The ids of each text without padding."""
    ids, mask = TextTokenizer(file, replace(RULES, **changes))(list(texts))
    return [row[: used.sum()].tolist() for row, used in zip(ids, mask, strict=True)]


def test_ids_are_those_of_the_tokenizer_file(file: Path) -> None:
    reference = Tokenizer.from_file(str(file))
    reference.no_padding()
    assert tokens(file, "a red shoe") == [reference.encode("a red shoe").ids]


def test_a_batch_is_padded_to_its_longest_text_and_no_further(file: Path) -> None:
    ids, mask = TextTokenizer(file, replace(RULES, pad_id=7))(["dog", "a dog on the beach"])
    (short, long) = tokens(file, "dog", "a dog on the beach")
    assert ids.shape == mask.shape == (2, len(long))
    assert ids.dtype == mask.dtype == np.int64
    assert ids[0].tolist() == short + [7] * (len(long) - len(short))
    assert mask.sum(axis=1).tolist() == [len(short), len(long)]
    assert len(long) < RULES.context_length


def test_fixed_padding_goes_to_the_context_length(file: Path) -> None:
    ids, mask = TextTokenizer(file, replace(RULES, padding="max_length"))(["dog"])
    assert ids.shape == (1, 16)
    assert mask.sum() == len(tokens(file, "dog")[0])


@pytest.mark.parametrize(
    "inputs",
    [
        ("input_ids",),
        ("input_ids", "token_type_ids"),
        ("token_type_ids", "attention_mask", "input_ids"),
    ],
    ids=len,
)
def test_the_inputs_come_in_the_order_of_the_tower(inputs: tuple[str, ...], tmp_path: Path) -> None:
    """Types are those of the tokenizer: here the words have another one than the mark before."""
    tokenizer().save(str(tmp_path / "tokenizer.json"))
    rules = replace(RULES, pad_id=7)
    given = TextTokenizer(tmp_path / "tokenizer.json", rules, inputs)(["red dog", "a"])
    expected = {
        "input_ids": [[2, 4, 5, 3], [2, 7, 3, 7]],
        "attention_mask": [[1, 1, 1, 1], [1, 1, 1, 0]],
        "token_type_ids": [[0, 1, 1, 1], [0, 1, 1, 0]],
    }
    assert [values.tolist() for values in given] == [expected[name] for name in inputs]
    assert {values.dtype for values in given} == {np.dtype(np.int64)}


def test_a_long_text_is_cut_at_the_context_length(file: Path) -> None:
    (row,) = tokens(file, "dog " * 500)
    assert len(row) == 16
    assert tokens(file, "dog " * 500, context_length=9)[0][:5] == row[:5]


def test_letters_are_lowered_only_if_the_model_wants_it(file: Path) -> None:
    tokenizer = TextTokenizer(file, replace(RULES, lowercase=True, prompt="A Photo of {}"))
    assert tokenizer._phrase("Red DOG") == "a photo of red dog"
    assert TextTokenizer(file, RULES)._phrase("Red DOG") == "Red DOG"


def test_the_prompt_goes_around_the_text(file: Path) -> None:
    assert tokens(file, "dog", prompt="a photo of a {}.") == tokens(file, "a photo of a dog.")
    assert tokens(file, "{} {}", prompt="a {}.") == tokens(file, "a {} {}.")


def test_spaces_and_line_breaks_make_no_difference(file: Path) -> None:
    assert tokens(file, "  red \n\t dog ") == tokens(file, "red dog")


@given(texts=st.lists(st.text(st.characters(codec=None)), min_size=1, max_size=4))
def test_any_text_has_the_same_ids_alone_and_in_a_batch(texts: list[str], file: Path) -> None:
    tokenizer = TextTokenizer(file, RULES)
    ids, mask = tokenizer(texts)
    assert ids.shape == mask.shape
    assert 1 <= ids.shape[1] <= RULES.context_length
    for text, row, used in zip(texts, ids, mask, strict=True):
        alone, whole = tokenizer([text])
        assert whole.all()
        assert row[: used.sum()].tolist() == alone[0].tolist()
        assert used.tolist() == sorted(used, reverse=True)


def test_bytes_of_a_file_name_that_are_no_text_do_not_stop_it(file: Path) -> None:
    assert len(tokens(file, "dog \udcff")[0]) > len(tokens(file, "dog")[0])


@pytest.mark.parametrize("content", [b"", b"{}", b"\x00\xff", b'{"version": "1.0"}'])
def test_a_file_that_is_no_tokenizer_is_named(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "tokenizer.json").write_bytes(content)
    with pytest.raises(ModelError, match=r"tokenizer\.json: not a tokenizer"):
        TextTokenizer(tmp_path / "tokenizer.json", RULES)
