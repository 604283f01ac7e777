import { allMustPass, hold, type NamedVerdict, type TickAnswer, tickAnswer, type Verdict } from '../../decision';
import { type JudgeDataEvent, readEvent } from './event';
import { judgeDivergence } from './judge-divergence';
import { judgeEvaluation } from './judge-evaluation';
import type { JudgeDataPorts } from './ports';
import { type CaptureReader, rememberCaptures } from './remember-captures';

/** The clock of the tick may be ahead of ours by this much before it is refused. */
const CLOCK_SKEW_MS = 5 * 60_000;

/** Asks every gate that reads objects in S3. Whatever goes wrong is a `hold` that says what. */
export function judgeData(ports: JudgeDataPorts) {
  const captures = rememberCaptures(ports.objects);
  return async (input: unknown): Promise<TickAnswer> => {
    const answer = await judgeTick(ports, captures, input);
    ports.tell({ ...answer });
    return answer;
  };
}

async function judgeTick(ports: JudgeDataPorts, captures: CaptureReader, input: unknown): Promise<TickAnswer> {
  const event = readEvent(input);
  if (typeof event === 'string') return tickAnswer(hold(event), [], null);
  if (!(event.at <= ports.now() + CLOCK_SKEW_MS)) {
    const [told, ours] = [event.at, ports.now()].map((time) => new Date(time).toISOString());
    return tickAnswer(hold(`the tick is dated ${told}, our clock says ${ours}`), [], null);
  }
  const verdicts: NamedVerdict[] = [];
  // One after the other: each may read gigabytes, and memory is what the function is sized for.
  for (const gate of event.gates) {
    const verdict = await judgeGate(gate, event, ports, captures);
    if (verdict !== undefined) verdicts.push({ name: gate.id, verdict });
  }
  const whole = allMustPass(verdicts);
  const { endpoint, rollout, stage, at } = event;
  try {
    const evidence = { schemaVersion: 1, event, verdict: whole };
    const kept = await ports.evidence.save({ endpoint, rollout, stage, at, by: 'judge-data' }, evidence);
    return tickAnswer(whole, verdicts, kept);
  } catch (error) {
    // A verdict that nobody can look up later promotes nothing; a failure does not wait for paperwork.
    const problem = `the evidence could not be recorded: ${inWords(error)}`;
    const judged = whole.kind === 'pass' ? hold(problem) : { ...whole, reason: `${whole.reason}; ${problem}` };
    return tickAnswer(judged, verdicts, null);
  }
}

/** The verdict of one gate; undefined when it has nothing to say in this phase. */
async function judgeGate(
  gate: JudgeDataEvent['gates'][number],
  event: JudgeDataEvent,
  { objects }: JudgeDataPorts,
  captures: CaptureReader,
): Promise<Verdict | undefined> {
  try {
    if (gate.kind === 'offline' && event.phase === 'before') return await judgeEvaluation(gate, objects);
    if (gate.kind === 'divergence' && event.phase === 'shadow') return await judgeDivergence(gate, event, captures);
    return undefined;
  } catch (error) {
    return hold(`the data could not be read: ${inWords(error)}`);
  }
}

const inWords = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : 'an unknown failure';
