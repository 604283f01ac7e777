import {
  allMustPass,
  hold,
  judge,
  type NamedVerdict,
  parsePath,
  type Rule,
  type RuleData,
  readPath,
  type Verdict,
} from '../../decision';
import type { EstimatePaths, OfflineCheck, OfflineGate } from './event';
import type { ObjectReader } from './ports';

/** Larger than any report that a person wrote a metric into. */
const MAXIMUM_BYTES = 20_000_000;

interface Report {
  readonly name: string;
  readonly document: unknown;
}

/** Reads the evaluation reports and judges every check of the gate on them. */
export async function judgeEvaluation(gate: OfflineGate, objects: ObjectReader): Promise<Verdict> {
  const challenger = await readReport(objects, gate.challenger);
  const champion = gate.champion === null ? null : await readReport(objects, gate.champion);
  const verdicts: NamedVerdict[] = gate.checks.map((check, i) => ({
    name: `${check.metric} ${check.check} ${i + 1}`,
    verdict: judgeCheck(check, challenger, champion),
  }));
  return allMustPass(verdicts);
}

async function readReport(objects: ObjectReader, { bucket, key }: { bucket: string; key: string }): Promise<Report> {
  const name = `s3://${bucket}/${key}`;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of await objects.open(bucket, key)) {
    bytes += chunk.length;
    if (bytes > MAXIMUM_BYTES) throw new Error(`${name} must have at most ${MAXIMUM_BYTES} bytes`);
    chunks.push(chunk);
  }
  if (bytes === 0) throw new Error(`${name} is empty`);
  const text = Buffer.concat(chunks).toString('utf8');
  try {
    // Python's json module writes a bare NaN, which is no JSON: that is an unreadable report, and no number.
    return { name, document: JSON.parse(text) as unknown };
  } catch (cause) {
    throw new Error(`${name} is not JSON: ${cause instanceof Error ? cause.message : ''}`, { cause });
  }
}

function judgeCheck(check: OfflineCheck, challenger: Report, champion: Report | null): Verdict {
  const missing: string[] = [];
  const at = (report: Report, text: string): unknown => {
    const found = readPath(report.document, parsePath(text) ?? ['\u0000']);
    if (found === undefined || found === null) missing.push(`${text} in ${report.name}`);
    return found;
  };
  const estimate = (report: Report, paths: EstimatePaths) => ({
    value: at(report, paths.value),
    ...(paths.standardError === null ? {} : { standardError: at(report, paths.standardError) }),
    ...(paths.trials === null ? {} : { trials: at(report, paths.trials) }),
  });
  const data = (): unknown => {
    if (check.check === 'limit') {
      return {
        value: at(challenger, check.value),
        samples: check.samples === null ? 1 : at(challenger, check.samples),
      };
    }
    if (check.check === 'fairness') {
      const facets = check.facets.map(({ name, values }) => ({
        name,
        values: Object.fromEntries(Object.entries(values).map(([measure, path]) => [measure, at(challenger, path)])),
      }));
      return { facets };
    }
    if (champion === null) return undefined;
    const slices = check.slices.map(({ name, ...paths }) => ({
      name,
      challenger: estimate(challenger, paths),
      champion: estimate(champion, paths),
    }));
    return { slices };
  };
  const read = data();
  if (read === undefined) return hold("a comparison needs the champion's report beside the challenger's");
  if (missing.length > 0) return hold(`there is no value at ${missing.slice(0, 5).join(', ')}`, { missing });
  return judge(check.rule as Rule as never, read as RuleData);
}
