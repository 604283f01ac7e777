import { createHash } from 'node:crypto';
import { ArnFormat, type interfaces, Stack, aws_sagemaker as sagemaker } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { overridesOf } from '../private/rendered';

/** Eight characters that change when the content changes; the order of keys does not count. */
export function fingerprint(scope: IConstruct, content: unknown): string {
  return createHash('sha256')
    .update(canonical(Stack.of(scope).resolve(content)))
    .digest('hex')
    .slice(0, 8);
}

/** What a model holds, in eight characters: of our `Model` and of an L1 its content, of any other its name. */
export function fingerprintOfModel(model: interfaces.aws_sagemaker.IModelRef): string {
  if ('_fingerprint' in model && typeof model._fingerprint === 'function') return model._fingerprint();
  if (!sagemaker.CfnModel.isCfnModel(model)) return fingerprint(model, model.modelRef.modelArn);
  return fingerprint(model, withOverrides(model, [model.primaryContainer, model.containers]));
}

/** What a model's containers hold, and what an escape hatch makes of it: another image is another version either way. */
export function withOverrides(model: sagemaker.CfnModel, content: unknown): unknown {
  const overrides = overridesOf(model, 'PrimaryContainer', 'Containers');
  return overrides === undefined ? content : [content, overrides];
}

/** The name by which an endpoint config calls a model. */
export function nameOfModel(model: interfaces.aws_sagemaker.IModelRef): string {
  if (sagemaker.CfnModel.isCfnModel(model)) return model.attrModelName;
  if ('modelName' in model && typeof model.modelName === 'string') return model.modelName;
  return Stack.of(model).splitArn(model.modelRef.modelArn, ArnFormat.SLASH_RESOURCE_NAME).resourceName!;
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
