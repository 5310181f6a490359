"""`python -m training adapt`: the command line of it."""

import argparse
import sys
from pathlib import Path

from engine import LibraryError, ModelError, SearchEngine, has_library, library_folder
from engine.encoder import require_name, write_adapter
from engine.evaluation import Setting
from training.adapting.adapt import MEASURE, Adaptation, adapt
from training.adapting.pairs import from_table, from_thumbs
from training.adapting.trial import Trial

_SHOWN = ("hit@1", "hit@10", "mAP", "MRR")
_LEFT_OUT = 10  # lines


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of `adapt`."""
    parser.add_argument("--library", type=Path, help="folder of the library with the images")
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--pairs", type=Path, help="images with captions or labels, as `evaluate`")
    source.add_argument("--from-feedback", action="store_true", help="the library's thumbs up")
    parser.add_argument("--label", help="column whose values are the texts, in place of captions")
    parser.add_argument("--template", default="{}", help='how a label is asked for: "a {}"')
    parser.add_argument("--name", default="domain", help="of the adapter [default: %(default)s]")
    parser.add_argument("--model", type=Path, help="model folder [default: the library's]")
    parser.add_argument(
        "--general", type=Path, help="captioned images of other things: what does it cost there?"
    )
    parser.add_argument(
        "--general-among", default=[], action="append", metavar="COLUMN=VALUE", help="some of these"
    )


def run(options: argparse.Namespace) -> int:
    """Learn, report, and install what helps. Exit code 1 if nothing was installed."""
    try:
        return _run(options)
    except (LibraryError, ModelError, ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


def _run(options: argparse.Namespace) -> int:
    require_name(options.name)
    among = dict(map(_pair, options.general_among))
    if options.from_feedback and options.label:
        raise ValueError("--label is for --pairs: thumbs have no columns")
    folder = library_folder(options.library)
    if not has_library(folder):
        raise LibraryError(f"{folder}: no library here; python -m engine index FOLDER makes one")
    with SearchEngine.open(folder, options.model, adapter="") as engine:
        if options.from_feedback:
            pairs = from_thumbs(engine)
        else:
            source = options.pairs.expanduser()
            pairs = from_table(engine, source, options.label, options.template)
        for reason in pairs.left_out[:_LEFT_OUT]:
            print(f"left out: {reason}", file=sys.stderr)
        if len(pairs.left_out) > _LEFT_OUT:
            print(f"and {len(pairs.left_out) - _LEFT_OUT} more", file=sys.stderr)
        general = None
        if options.general:
            general = options.general.expanduser(), Setting(among=among)
        found = adapt(engine, pairs, options.name, general, _tell)
        _report(found)
        if not found.helps:
            print(
                f"Not installed: on what was held out, {MEASURE} does not clearly get better. More "
                "pairs may help; the model as it is may be the best for these."
            )
            return 1
        path = write_adapter(engine.encoder.manifest, found.adapter)
    print(f"Installed: {path}")
    print(f"Search with it: python -m engine search --adapter {options.name} WORDS")
    return 0


def _pair(given: str) -> tuple[str, str]:
    name, sign, value = given.partition("=")
    if not (name and sign):
        raise ValueError(f"--general-among {given!r}: expected COLUMN=VALUE")
    return name, value


def _tell(what: str, done: int, total: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{what}: round {done} of at most {total}   ", end="", file=sys.stderr, flush=True)


def _report(found: Adaptation) -> None:
    about = found.adapter.about
    print(
        f"\n{about['texts']:,} texts, {about['images']:,} images from {about['source']}; learnt in "
        f"{about['seconds']} s; "
        + ("no text or image" if about["texts apart"] else "no image")
        + " of the held-out part was learnt from"
    )
    _table(found.held_out)
    if found.general:
        _table(found.general)
    kept = about["neutral"]
    print(
        f"neutral texts: {kept['same ten']:.0%} of the first ten images stay the same, mean cosine "
        f"to before {kept['cosine']:.3f}"
    )


def _table(trial: Trial) -> None:
    print(f"{trial.name}: {trial.topics:,} texts, {trial.images:,} images")
    print(f"  {'':8}{'before':>8}{'after':>8}   gain, with its 95 % interval")
    for name in _SHOWN:
        gain = trial.gains[name]
        print(
            f"  {name:8}{trial.before[name]:8.3f}{trial.after[name]:8.3f}   {gain.mean:+.3f} "
            f"[{gain.low:+.3f}, {gain.high:+.3f}]"
        )
