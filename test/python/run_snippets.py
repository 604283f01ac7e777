"""Runs the Python snippets of the documentation: python run_snippets.py FILE...

Each is run in a stack of its own, what it declares is used as a reader would use it, and its app is synthesized.
"""

import importlib
import inspect
import runpy
import sys
from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import cdk_sagemaker_rollouts as rollouts
import given


def use_alarm(signal: type[rollouts.RollbackAlarm]) -> None:
    """A signal of one's own takes an endpoint's new version back."""
    stack = cdk.Stack(given.app, signal.__name__)
    rollouts.Endpoint(
        stack,
        "Endpoint",
        endpoint_name="fraud",
        model=rollouts.Model.from_model_name(stack, "Model", "fraud-v7"),
        hosting=given.hosting,
        strategy=rollouts.AllAtOnceStrategy(termination_wait=cdk.Duration.minutes(10)),
        rollback_alarms=[signal()],
    )
    found = [node for node in stack.node.find_all() if isinstance(node, given.cloudwatch.Alarm)]
    assert len(found) == 1, f"{signal.__name__} must make one alarm, made {len(found)}"


def use_handler(handler: Callable[[dict[str, Any], None], dict[str, Any]]) -> None:
    """The function of a gate answers an event that it knows, and holds on one that it does not."""
    for version, kinds in ((1, {"pass", "fail", "hold"}), (2, {"hold"})):
        event: dict[str, Any] = {"schemaVersion": version, "gate": "Policy", "phase": "before", "parameters": {}}
        answer = handler(event, None)
        assert answer["schemaVersion"] == 1 and answer["kind"] in kinds and answer["reason"], answer


def use(name: str, value: Any) -> None:
    if name == "handler":
        use_handler(value)
    elif name.startswith("test_"):
        value()
    elif inspect.isclass(value) and issubclass(value, rollouts.RollbackAlarm):
        use_alarm(value)
    else:
        raise AssertionError(f"nothing here knows how to use {name}")


for file in sys.argv[1:]:
    importlib.reload(given)
    try:
        names = runpy.run_path(file)
        for name, value in names.items():
            if getattr(value, "__module__", None) == names["__name__"]:
                use(name, value)
        given.app.synth()
    except Exception as error:
        raise SystemExit(f"{file}: {type(error).__name__}: {error}") from error
