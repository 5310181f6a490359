"""A random checkpoint in the shape of CLIP ViT-B/32: times do not depend on the weights."""

from pathlib import Path

WORDS = ("a", "red", "bicycle", "under", "trees")


def write_random_clip(folder: Path) -> Path:
    """Write it in the layout of transformers, with a tokenizer of a few whole words."""
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import CLIPConfig, CLIPImageProcessor, CLIPModel, PreTrainedTokenizerFast

    torch.manual_seed(0)
    model = CLIPModel(CLIPConfig())
    model.save_pretrained(folder)
    CLIPImageProcessor().save_pretrained(folder)
    text = model.config.text_config
    names = {text.bos_token_id: "<start>", text.eos_token_id: "<end>"}
    # Every id has a word, as a real vocabulary does; those of the benchmark come first.
    words = ["<unknown>", *WORDS, *(f"<{number}>" for number in range(text.vocab_size))]
    vocabulary = {word: number for number, word in enumerate(words[: text.bos_token_id])}
    vocabulary |= {name: number for number, name in names.items()}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="<unknown>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<start> $A <end>",
        special_tokens=[(name, number) for number, name in names.items()],
    )
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token="<start>",
        eos_token="<end>",
        pad_token="<end>",
        unk_token="<unknown>",
        model_max_length=text.max_position_embeddings,
        model_input_names=["input_ids", "attention_mask"],
    ).save_pretrained(folder)
    return folder
