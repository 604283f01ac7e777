import json
import pathlib
import subprocess
import sys
import tempfile
import unittest
from typing import Any

import aws_cdk as cdk

from fraud_stack import FraudStack


def rehearse(scenario: str) -> Any:
    """Synthesizes the app and rehearses it in every setting of what AWS leaves undocumented."""
    with tempfile.TemporaryDirectory() as out:
        app = cdk.App(outdir=out)
        FraudStack(app, "Fraud")
        app.synth()
        # The command is installed beside Python itself.
        rollouts = str(pathlib.Path(sys.executable).parent / "rollouts")
        command = [sys.executable, rollouts, "rehearse", out, "--scenario", scenario, "--knobs", "all", "--json"]
        done = subprocess.run(command, capture_output=True, text=True)
        # 0: as the scenario expects, 2: otherwise; anything else could not run.
        if done.returncode not in (0, 2):
            raise RuntimeError(done.stderr)
        return json.loads(done.stdout)


class FraudTest(unittest.TestCase):
    def test_a_version_that_answers_with_errors_is_taken_back(self) -> None:
        outcome = rehearse("scenarios/errors.yaml")
        self.assertTrue(outcome["safe"])
        self.assertEqual(outcome["baseline"]["outcome"], "rolledBack")
