import {
  Annotations,
  ArnFormat,
  aws_iam as iam,
  type interfaces,
  type aws_kms as kms,
  Lazy,
  Names,
  RemovalPolicy,
  Stack,
  aws_sagemaker as sagemaker,
  Tags,
  Token,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { RESOURCE_NAME_LENGTH, RESOURCE_NAME_PATTERN } from '../../decision/limits';
import { Fleet } from '../bases/fleet';
import type { GuardrailStrategy } from '../bases/guardrail-strategy';
import { RollbackAlarm } from '../bases/rollback-alarm';
import { PlanContext } from '../bases/rollout-plan';
import type { Hosting } from '../hosting/hosting';
import { fingerprint, fingerprintOfModel, nameOfModel } from '../model/fingerprint';
import { deploymentConfigProblems, inCloudFormationWords } from '../private/deployment-config';
import { Problems } from '../private/problems';
import { type DataCaptureProps, grantDataCapture, renderDataCapture } from './data-capture';
import { EndpointBase } from './endpoint-base';
import { requireInstanceTypes } from './instance-rules';
import { warnOfReach } from './reachability';
import { bindAlarms, grantAlarms, type WatchingAlarm } from './rollback-watch';
import { ServingVerifier } from './serving-verifier';
