import {
  ArnFormat,
  aws_ec2 as ec2,
  type IResource,
  aws_iam as iam,
  type interfaces,
  RemovalPolicy,
  Resource,
  Stack,
  aws_sagemaker as sagemaker,
  Token,
} from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { SAGEMAKER_NAME, VPC_SECURITY_GROUPS_MAX, VPC_SUBNETS_MAX } from '../../decision/model-limits';
import { requireArn } from '../private/arn-rules';
import { requireKinds } from '../private/kinds';
import { Problems } from '../private/problems';
import { type ContainerDefinition, checkContainers, type ModelSource, renderContainers } from './container-definition';
import { ExecutionRole, grantNetwork } from './execution-role';
import { fingerprint, withOverrides } from './fingerprint';

/** A model that SageMaker can host. */
export interface IModel extends IResource, iam.IGrantable, interfaces.aws_sagemaker.IModelRef {
  /**
   * ARN of the model.
   *
   * @attribute
   */
  readonly modelArn: string;

  /**
   * Name of the model.
   *
   * @attribute
   */
  readonly modelName: string;

  /** The role that the containers run with; undefined when the model was made elsewhere and nobody has said it. */
  readonly role?: iam.IRole;
}

/** What a model is made of. */
export interface ModelProps {
  /** One container, or 2 to 15 that answer one after the other as an inference pipeline. */
  readonly containers: ContainerDefinition[];

  /**
   * Cuts the containers off from every network; SageMaker still fetches data and images for them.
   *
   * @default false
   */
  readonly networkIsolation?: boolean;

  /**
   * The role that the containers run with. It must let `sagemaker.amazonaws.com` assume it, log and publish metrics;
   * the model adds what its images and data need. Keep it for as long as an endpoint serves the model.
   *
   * @default - a role with these permissions alone, which outlives the stack
   */
  readonly role?: iam.IRole;

  /**
   * The VPC that the containers can reach.
   *
   * @default - none
   */
  readonly vpc?: ec2.IVpc;

  /**
   * The subnets of the VPC, at most 16.
   *
   * @default - the private subnets
   */
  readonly vpcSubnets?: ec2.SubnetSelection;

  /**
   * Security groups of the containers, 1 to 5.
   *
   * @default - a new one, which lets everything out
   */
  readonly securityGroups?: ec2.ISecurityGroup[];
}

/** Says what is known of a model that was made elsewhere. */
export interface ModelAttributes {
  /** ARN of the model. */
  readonly modelArn: string;

  /**
   * The role that its containers run with.
   *
   * @default - not known, and nothing can be granted to the model
   */
  readonly role?: iam.IRole;
}

abstract class ModelBase extends Resource implements IModel {
  public abstract readonly modelArn: string;
  public abstract readonly modelName: string;
  public abstract readonly role?: iam.IRole;

  public get modelRef(): interfaces.aws_sagemaker.ModelReference {
    return { modelArn: this.modelArn };
  }

  public get grantPrincipal(): iam.IPrincipal {
    return this.role?.grantPrincipal ?? new iam.UnknownPrincipal({ resource: this });
  }
}

/**
 * A version of a model: images, data, and the role they run with.
 *
 * Keep the id and change the props from version to version. SageMaker cannot change a model, so CloudFormation makes
 * a new one, under a name of its own; the old one and the role stay, because a rollback serves it again.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateModel.html
 * @example
 * declare const repository: ecr.IRepository;
 * declare const bucket: s3.IBucket;
 *
 * new rollouts.Model(this, 'Model', {
 *   containers: [
 *     {
 *       image: rollouts.ContainerImage.fromEcrRepository(repository, 'v7'),
 *       modelData: rollouts.ModelData.fromBucket(bucket, 'fraud/v7/model.tar.gz'),
 *     },
 *   ],
 * });
 */
export class Model extends ModelBase implements ec2.IConnectable {
  /** A model of this account and region, by its name. */
  public static fromModelName(scope: Construct, id: string, modelName: string): IModel {
    requireKinds('Model', { modelName }, { modelName: 'text' }, scope);
    const problems = new Problems('Model');
    problems.require(
      Token.isUnresolved(modelName) || SAGEMAKER_NAME.test(modelName),
      'ModelName',
      () => `modelName must be 1 to 63 letters, digits and inner hyphens, got '${modelName}'`,
    );
    problems.throwIfAny(scope);
    const modelArn = Stack.of(scope).formatArn({ service: 'sagemaker', resource: 'model', resourceName: modelName });
    return new ImportedModel(scope, id, modelName, { modelArn });
  }

  /** A model by its ARN. */
  public static fromModelArn(scope: Construct, id: string, modelArn: string): IModel {
    return Model.fromModelAttributes(scope, id, { modelArn });
  }

  /** A model by what is known of it. */
  public static fromModelAttributes(scope: Construct, id: string, attributes: ModelAttributes): IModel {
    requireKinds('Model', attributes, { modelArn: 'text', role: 'IRole?' }, scope);
    const problems = new Problems('Model');
    requireArn(problems, 'ModelArn', 'model', attributes.modelArn);
    problems.throwIfAny(scope);
    const { resourceName } = Stack.of(scope).splitArn(attributes.modelArn, ArnFormat.SLASH_RESOURCE_NAME);
    return new ImportedModel(scope, id, resourceName!, attributes);
  }

  public readonly modelArn: string;
  public readonly modelName: string;
  public readonly role?: iam.IRole;
  private readonly resource: sagemaker.CfnModel;
  private readonly network?: ec2.Connections;
  private readonly containers: sagemaker.CfnModel.ContainerDefinitionProperty[];
  private readonly sources: readonly ModelSource[];

  constructor(scope: Construct, id: string, props: ModelProps) {
    super(scope, id);
    requireKinds(
      'Model',
      props,
      {
        containers: 'structure[]',
        role: 'IRole?',
        vpc: 'IVpc?',
        vpcSubnets: 'structure?',
        securityGroups: 'ISecurityGroup[]?',
      },
      this,
    );
    const { vpc, containers } = props;
    const problems = new Problems('Model');
    checkContainers(containers, problems);
    for (const name of ['vpcSubnets', 'securityGroups'] as const) {
      problems.require(
        vpc !== undefined || props[name] === undefined,
        'ModelVpc',
        () => `${name} must come with the vpc they belong to, got no vpc`,
      );
    }
    problems.throwIfAny(this);

    const role = props.role ?? new ExecutionRole(this, 'Role');
    this.role = role;
    const { definitions, sources } = renderContainers(this, containers, role);
    this.containers = definitions;
    this.sources = sources;
    const securityGroups =
      vpc === undefined ? [] : (props.securityGroups ?? [new ec2.SecurityGroup(this, 'SecurityGroup', { vpc })]);
    const subnets = vpc?.selectSubnets(props.vpcSubnets).subnetIds ?? [];
    this.checkNetwork(vpc !== undefined, subnets, securityGroups.length);
    const securityGroupIds = securityGroups.map(({ securityGroupId }) => securityGroupId);
    if (vpc !== undefined) {
      grantNetwork(role, this, subnets, securityGroupIds);
      this.network = new ec2.Connections({ securityGroups });
    }

    const [first, ...more] = this.containers;
    const resource = new sagemaker.CfnModel(this, 'Resource', {
      executionRoleArn: role.roleArn,
      primaryContainer: more.length === 0 ? first : undefined,
      containers: more.length === 0 ? undefined : this.containers,
      enableNetworkIsolation: props.networkIsolation,
      vpcConfig: vpc === undefined ? undefined : { subnets, securityGroupIds },
    });
    resource.applyRemovalPolicy(RemovalPolicy.RETAIN);
    this.resource = resource;
    // Permissions of a role from outside lie in a resource of their own.
    if (props.role !== undefined) resource.node.addDependency(props.role);
    this.node.defaultChild = resource;
    this.modelName = resource.attrModelName;
    this.modelArn = resource.ref;
  }

  /** The network of the containers; a model outside a VPC has none, and throws. */
  public get connections(): ec2.Connections {
    const problems = new Problems('Model');
    problems.require(this.network !== undefined, 'ModelVpc', () => 'a model must have a vpc to be connected, got none');
    problems.throwIfAny(this);
    return this.network!;
  }

  /**
   * Changes with what the containers hold (image, data, environment, package, name), and with nothing else.
   *
   * @internal
   */
  public _fingerprint(): string {
    const { resource } = this;
    const drawn = (resource.containers ?? [resource.primaryContainer]) as unknown;
    return fingerprint(this, withOverrides(resource, drawn));
  }

  /**
   * What a launch of it fetches, as far as it can be compared.
   *
   * @internal
   */
  public get _sources(): readonly ModelSource[] {
    return this.sources;
  }

  private checkNetwork(inVpc: boolean, subnets: string[], securityGroups: number): void {
    const problems = new Problems('Model');
    this.containers.forEach(({ image, imageConfig }, index) => {
      problems.require(
        imageConfig === undefined || inVpc,
        'ModelImageRegistry',
        () =>
          `containers[${index}].image must lie in ECR, or in a registry that the model's vpc reaches, got '${image}' and no vpc`,
      );
    });
    problems.require(
      !inVpc || Token.isUnresolved(subnets) || (subnets.length >= 1 && subnets.length <= VPC_SUBNETS_MAX),
      'ModelSubnets',
      () => `vpcSubnets must select 1 to ${VPC_SUBNETS_MAX} subnets, got ${subnets.length}`,
    );
    problems.require(
      !inVpc || (securityGroups >= 1 && securityGroups <= VPC_SECURITY_GROUPS_MAX),
      'ModelSecurityGroups',
      () => `securityGroups must hold 1 to ${VPC_SECURITY_GROUPS_MAX} groups, got ${securityGroups}`,
    );
    problems.throwIfAny(this);
  }
}

class ImportedModel extends ModelBase {
  public readonly modelArn: string;
  public readonly role?: iam.IRole;

  constructor(
    scope: Construct,
    id: string,
    public readonly modelName: string,
    { modelArn, role }: ModelAttributes,
  ) {
    super(scope, id, { environmentFromArn: modelArn });
    this.modelArn = modelArn;
    this.role = role;
  }
}
