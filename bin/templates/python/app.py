import aws_cdk as cdk

from fraud_stack import FraudStack

app = cdk.App()
FraudStack(app, "Fraud")
app.synth()
