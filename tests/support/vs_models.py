"""Model folders that differ from the shipped one, without its weights being copied."""

import json
from pathlib import Path
from typing import Any


def variant(project: Path, folder: Path, **changes: Any) -> Path:
    """A model folder with links to the shipped files and another `model.json`.

    Args:
        project: the project's folder.
        folder: where to make it.
        changes: top-level fields of the manifest; an object is merged into the one there.
    """
    shipped = project / "models" / "default"
    fields = json.loads((shipped / "model.json").read_text(encoding="utf-8"))
    for name, value in changes.items():
        fields[name] = {**fields[name], **value} if isinstance(value, dict) else value
    folder.mkdir(parents=True)
    (folder / "model.json").write_text(json.dumps(fields), encoding="utf-8")
    for file in shipped.iterdir():
        if file.name != "model.json":
            (folder / file.name).symlink_to(file)
    return folder
