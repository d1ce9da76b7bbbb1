"""The scenario files that every language runs: same facts, same codes, same bytes."""

import json
from pathlib import Path

import pytest
from scenario import DIGESTS, FILES, VERBS, Run, action_of

import grievance as gr


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_it_ends_as_it_says_and_leaves_the_same_bytes(path: Path) -> None:
    run = Run(json.loads(path.read_text(encoding="utf-8")))
    run.play()
    assert run.digests() == DIGESTS[path.stem]


def test_every_file_has_a_digest_and_every_verb_is_said() -> None:
    assert [path.stem for path in FILES] == sorted(DIGESTS)
    said = {action_of(step) for path in FILES for step in json.loads(path.read_text(encoding="utf-8"))["steps"]}
    assert set(VERBS) <= said


def test_most_steps_go_through_the_typed_methods() -> None:
    steps = typed = 0
    for path in FILES:
        run = Run(json.loads(path.read_text(encoding="utf-8")))
        run.play()
        typed += run.typed
        steps += sum("do" in step for step in run.scenario["steps"])
    # The rest are requests that a typed method cannot even say: a field too many, a wrong type.
    assert typed > 0.9 * steps


def test_a_runner_that_compares_nothing_would_be_noticed() -> None:
    scenario = json.loads(FILES[0].read_text(encoding="utf-8"))
    label = next(iter(scenario["then"]))
    scenario["then"][label]["phase"] = "no such phase"
    with pytest.raises(AssertionError, match="no such phase"):
        Run(scenario).play()
    assert issubclass(gr.AmendError, gr.GrievanceError)
