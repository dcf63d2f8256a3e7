"""The reference for readers and the JSON for programs: nothing is left out."""

import json

import vshell.commands
from vshell.export import reference
from vshell.registry.tree import REGISTRY

assert vshell.commands


def test_the_reference_has_every_command_with_its_options_and_examples() -> None:
    lines = reference.text(REGISTRY).splitlines()
    for command in REGISTRY:
        start = next(i for i, line in enumerate(lines) if line == command.name and lines[i + 1] == "-" * len(line))
        end = next((i for i in range(start + 2, len(lines)) if lines[i].startswith("----")), len(lines))
        section = "\n".join(lines[start:end])
        assert command.summary in section
        for parameter in command.parameters:
            assert parameter.help in section
            assert all(f"{spelling}" in section for spelling in parameter.forms)
        assert all(example in section for example in command.examples)


def test_the_json_tells_what_a_program_needs_to_write_a_line() -> None:
    told = {each["name"]: each for each in json.loads(reference.json_text(REGISTRY))["commands"]}
    assert set(told) == {command.name for command in REGISTRY}
    revoke = told["apitoken revoke"]
    assert (revoke["changes"], revoke["asks"], revoke["one_of"]) == (True, True, [["id", "prefix"]])
    options = {each["name"]: each for each in revoke["parameters"]}
    assert options["id"]["values"] == "live:apitokens/{id}/name,owner"
    assert options["output"]["values"] == "one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids"
    assert options["yes"]["values"] == "none"
    password = next(each for each in told["manager create"]["parameters"] if each["name"] == "password")
    assert password["secret"]
    assert password["values"] == "any"
