import { configKind, type Phase, type Spec, type VariantName } from '../../decision';
import { namedError } from '../aws/named-error';
import type { EndpointConfig, EndpointPort } from './ports';

/** A config that is to be written: which phase it is for, and who is who. */
export interface ConfigRequest {
  readonly name: string;
  readonly phase: Phase;
  readonly spec: Spec;
  readonly champion: VariantName;
  readonly challenger: VariantName;
  /** The config that serves now, and the instances that the champion has. */
  readonly liveConfig: string;
  readonly championCount: number;
}

/**
 * Writes the endpoint config of a phase. The champion is copied from the config that serves it, because that is the
 * truth about it; everything else comes from the whole spec, so that no setting is lost on the way.
 */
export async function writeConfig(endpoints: EndpointPort, request: ConfigRequest): Promise<void> {
  const { spec, phase, champion, challenger } = request;
  const served = await endpoints.config(request.liveConfig);
  const home = (served.ProductionVariants ?? []).find(
    (each) => (each as { VariantName?: string }).VariantName === champion,
  );
  if (home === undefined) {
    throw namedError('DriftFound', `variant ${champion} is not in config ${request.liveConfig}`);
  }
  const shadow = configKind(phase) === 'shadow';
  const stays = { ...home, InitialInstanceCount: request.championCount, InitialVariantWeight: 100 };
  const comes = {
    ...spec.variant,
    VariantName: challenger,
    ModelName: spec.modelName,
    InitialInstanceCount: shadow ? shadowCount(request) : 1,
    InitialVariantWeight: phase.kind === 'shadow' ? phase.samplingPercent : 0,
  };
  const variants = shadow ? [stays] : [stays, comes];
  const shadows = shadow ? { ShadowProductionVariants: [comes] } : {};
  await endpoints.createConfig({ ...wholeConfig(request.name, spec, variants), ...shadows });
}

/** A shadow answers with as many instances as the champion has: of one that is scaled, the declared count is only the first. */
function shadowCount({ spec, championCount }: ConfigRequest): number {
  return spec.scaling === undefined ? spec.initialInstanceCount : championCount;
}

/** Writes the config of a first version, which has all traffic from the start. */
export async function writeFirstConfig(
  endpoints: EndpointPort,
  name: string,
  spec: Spec,
  variant: VariantName,
): Promise<void> {
  const alone = {
    ...spec.variant,
    VariantName: variant,
    ModelName: spec.modelName,
    InitialInstanceCount: spec.initialInstanceCount,
    InitialVariantWeight: 100,
  };
  await endpoints.createConfig(wholeConfig(name, spec, [alone]));
}

function wholeConfig(name: string, spec: Spec, variants: EndpointConfig['ProductionVariants']): EndpointConfig {
  return {
    EndpointConfigName: name,
    ProductionVariants: variants,
    ...(spec.dataCapture === undefined ? {} : { DataCaptureConfig: spec.dataCapture }),
    ...(spec.kmsKeyId === undefined ? {} : { KmsKeyId: spec.kmsKeyId }),
    Tags: spec.tags,
  };
}
