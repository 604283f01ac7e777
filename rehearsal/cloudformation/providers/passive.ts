import type { Properties, ResourceProvider, ResourceRequest } from '../resource-provider';
import { type ResourceType, resourceType } from '../resource-types';

/** The ARN of a resource by its type's template, every name in it being the resource's own. */
// source: cloudformation-return-values
export function arnOf({ type, stack }: ResourceRequest, name: string): string {
  const { arn } = resourceType(type) as ResourceType;
  const parts: Record<string, string> = { Partition: 'aws', Region: stack.region, Account: stack.account };
  return (arn ?? 'arn:${Partition}:rehearsal:${Region}:${Account}:${Name}').replace(
    /\$\{(\w+)\}/g,
    (_match, part: string) => parts[part] ?? name,
  );
}

/** The attributes of a resource that does nothing here but exist. */
export function attributesOf(request: ResourceRequest, name: string, properties: Properties): Properties {
  const { attributes } = resourceType(request.type) as ResourceType;
  const value = (attribute: string) => {
    if (properties[attribute] !== undefined) return properties[attribute];
    if (attribute.endsWith('Arn')) return arnOf(request, name);
    return attribute === 'Id' || attribute.endsWith('Name') || attribute.endsWith('Id') ? name : `${name}.${attribute}`;
  };
  return Object.fromEntries(attributes.map((attribute) => [attribute, value(attribute)]));
}

/** The property in which a resource of this type carries a name of its own, if it has one. */
const physicalName = (type: string, properties: Properties): string | undefined => {
  const name = (resourceType(type) as ResourceType).ref
    .map((part) => properties[part])
    .find((part) => part !== undefined);
  return typeof name === 'string' ? name : undefined;
};

/** Types whose resources only exist. */
export const PASSIVE_TYPES: readonly string[] = [
  'AWS::CDK::Metadata',
  'AWS::CloudWatch::Dashboard',
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
  'AWS::KMS::Alias',
  'AWS::KMS::Key',
  'AWS::Lambda::Permission',
  'AWS::Logs::LogGroup',
  'AWS::S3::Bucket',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::Subscription',
  'AWS::SNS::Topic',
  'AWS::SNS::TopicPolicy',
  'AWS::SSM::Parameter',
];

/** Resources that a rehearsal refers to and that nothing happens in: buckets, keys, log groups, networks. */
// source: cloudformation-passive
export const passiveProvider: ResourceProvider = {
  async create(request, properties) {
    const id = physicalName(request.type, properties) ?? request.generatedName;
    return { id, attributes: attributesOf(request, id, properties) };
  },
  async update(request, properties, physical) {
    return { id: physical.id, attributes: attributesOf(request, physical.id, properties) };
  },
  async delete() {},
};
