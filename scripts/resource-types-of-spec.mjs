import { loadAwsServiceSpec } from '@aws-cdk/aws-service-spec';

/** Types that a template near a SageMaker endpoint holds; one that is not here is refused by name. */
const TYPES = [
  'AWS::ApplicationAutoScaling::ScalableTarget',
  'AWS::ApplicationAutoScaling::ScalingPolicy',
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::CompositeAlarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::DynamoDB::Table',
  'AWS::EC2::EIP',
  'AWS::EC2::InternetGateway',
  'AWS::EC2::NatGateway',
  'AWS::EC2::Route',
  'AWS::EC2::RouteTable',
  'AWS::EC2::SecurityGroup',
  'AWS::EC2::SecurityGroupEgress',
  'AWS::EC2::SecurityGroupIngress',
  'AWS::EC2::Subnet',
  'AWS::EC2::SubnetRouteTableAssociation',
  'AWS::EC2::VPC',
  'AWS::EC2::VPCEndpoint',
  'AWS::EC2::VPCGatewayAttachment',
  'AWS::ECR::Repository',
  'AWS::Events::Rule',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::KMS::Alias',
  'AWS::KMS::Key',
  'AWS::Lambda::Alias',
  'AWS::Lambda::Function',
  'AWS::Lambda::Permission',
  'AWS::Lambda::Url',
  'AWS::Lambda::Version',
  'AWS::Logs::LogGroup',
  'AWS::S3::Bucket',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::Subscription',
  'AWS::SNS::Topic',
  'AWS::SNS::TopicPolicy',
  'AWS::SSM::Parameter',
  'AWS::SageMaker::Endpoint',
  'AWS::SageMaker::EndpointConfig',
  'AWS::SageMaker::Model',
  'AWS::StepFunctions::StateMachine',
  'AWS::StepFunctions::StateMachineVersion',
];

/** For each type: the properties that replace it, the parts of its Ref, its attributes and the shape of its ARN. */
export async function resourceTypes() {
  const db = await loadAwsServiceSpec();
  const described = TYPES.map((type) => {
    const resource = db.lookup('resource', 'cloudFormationType', 'equals', type).only();
    const properties = Object.entries(resource.properties);
    return [
      type,
      {
        replacedBy: properties
          .flatMap(([name, { causesReplacement }]) => (causesReplacement === 'yes' ? [name] : []))
          .sort(),
        ref: resource.cfnRefIdentifier ?? resource.primaryIdentifier ?? [],
        attributes: Object.keys(resource.attributes)
          .filter((name) => !name.includes('.'))
          .sort(),
        ...(resource.arnTemplate && { arn: resource.arnTemplate }),
      },
    ];
  });
  return Object.fromEntries(described);
}
