"""The program ``python -m vshell.export``."""

import json
from pathlib import Path

import pytest

from vshell.export.__main__ import files, main


def test_it_writes_all_scripts_and_checks_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "completions"
    assert main(["--check", str(folder)]) == 1
    assert main([str(folder)]) == 0
    assert {path.name: path.read_text() for path in folder.iterdir()} == dict(files())
    assert main(["--check", str(folder)]) == 0
    capsys.readouterr()
    (folder / "_vshell").write_text("edited")
    assert main(["--check", str(folder)]) == 1
    assert capsys.readouterr().err.startswith(f"{folder}/_vshell differs")


@pytest.mark.parametrize("arguments", [["--chekc"], ["--json", "--check"], ["a", "b"]])
def test_wrong_arguments_write_nothing(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    assert "--reference" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_reference_and_json_go_to_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--reference"]) == 0
    assert "\napitoken create\n---------------\n" in capsys.readouterr().out
    assert main(["--json"]) == 0
    assert json.loads(capsys.readouterr().out)["objects"]["apitoken"]
