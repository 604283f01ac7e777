import pc from 'picocolors';
import { duration } from '../../rehearsal/report/words';
import type { GateView, PhaseView, RolloutState, RolloutView, StatusView } from './read-rollout';
import type { Surroundings } from './surroundings';

const STATES: { readonly [S in RolloutState]: string } = {
  reserved: 'is about to begin',
  running: 'is under way',
  watching: 'is under way, in its watch',
  rollingBack: 'is being taken back',
  held: 'is held: a person must decide',
  promoted: 'was promoted',
  rolledBack: 'was rolled back',
  aborted: 'was aborted',
  failed: 'failed',
};

type Paint = ReturnType<typeof pc.createColors>;

/** How an endpoint stands, as a tree for a terminal. */
export function showStatus(status: StatusView, around: Pick<Surroundings, 'colors' | 'width' | 'now'>): string {
  const paint = pc.createColors(around.colors);
  const { endpoint, champion, rollout } = status;
  const lines =
    rollout === null
      ? [`${paint.bold(endpoint)}: nothing was rolled out yet`]
      : [
          ...head(rollout, endpoint, paint, around.now()),
          '',
          ...rollout.phases.flatMap((phase) => branch(phase, rollout, paint)),
        ];
  const facts = [
    champion === null
      ? 'champion: none yet'
      : `champion: version ${short(champion.digest)} as variant ${champion.variant}`,
    `serves: ${serves(status)}`,
    ...(status.openRetrospective === null ? [] : [`retrospective open: ${status.openRetrospective}`]),
  ];
  const next = nextCommands(status).map((command) => `  npx rollouts ${command}`);
  const all = [...lines, '', ...facts, ...(next.length === 0 ? [] : ['', 'next:', ...next])];
  return `${all.map((line) => cut(line, around.width)).join('\n')}\n`;
}

function head(rollout: RolloutView, endpoint: string, paint: Paint, now: number): string[] {
  const { state, rolloutId, digest, modelName, strategy, startedAt, endedAt, reason, approvalPending } = rollout;
  const tone = toneOf(state, paint);
  const until = endedAt === null ? now : Date.parse(endedAt);
  const took = duration(Math.max(0, (until - Date.parse(startedAt)) / 1000));
  return [
    `${paint.bold(endpoint)}: ${tone(`rollout ${STATES[state]}`)}`,
    `${rolloutId}`,
    `version ${short(digest)}${modelName === '' ? '' : `, model ${modelName}`}${strategy === '' ? '' : `, ${strategy}`}`,
    `began ${minute(startedAt)}, ${endedAt === null ? `${took} ago` : `took ${took}`}`,
    ...(reason === '' ? [] : [`why: ${reason}`]),
    ...(approvalPending === null ? [] : [paint.yellow(`waits for approval: ${approvalPending}`)]),
  ];
}

function branch(phase: PhaseView, rollout: RolloutView, paint: Paint): string[] {
  const { kind, percent, state, bakeSeconds } = phase;
  const mark = { done: paint.green('✓'), now: paint.cyan('●'), ended: paint.red('✗'), next: paint.dim('○') }[state];
  const name = kind.padEnd(7);
  const share = kind === 'stage' || kind === 'watch' ? `${percent} %`.padStart(6) : ' '.repeat(6);
  const line = `${mark} ${name}${share}  ${duration(bakeSeconds)}${timeLeft(phase)}`;
  if (state === 'next') return [paint.dim(line)];
  return state === 'done' ? [line] : [line, ...rollout.gates.map((gate) => leaf(gate, paint))];
}

function timeLeft({ bakeLeftSeconds, deadlineLeftSeconds }: PhaseView): string {
  if (bakeLeftSeconds === null) return '';
  const bake = bakeLeftSeconds === 0 ? 'bake over' : `${duration(bakeLeftSeconds)} left`;
  const deadline = deadlineLeftSeconds === null ? '' : `, ${duration(deadlineLeftSeconds)} to decide`;
  return `, ${bake}${deadline}`;
}

function leaf({ gate, kind, reason }: GateView, paint: Paint): string {
  const tone = { pass: paint.green, fail: paint.red, hold: paint.yellow }[kind] ?? paint.red;
  return `  ${tone(kind.padEnd(4))} ${gate}: ${reason}`;
}

function serves({ serves: live }: StatusView): string {
  if (live === null) return 'not known';
  const shares = Object.entries(live.shares).map(([name, percent]) => `${name} ${percent} %`);
  return `${shares.join(', ')} (${live.status})`;
}

/** What a person can do now. */
export function nextCommands({ endpoint, rollout, openRetrospective }: StatusView): string[] {
  const why = '--reason "..."';
  const state = rollout?.state;
  if (rollout?.approvalPending != null && state !== 'held') {
    return [`approve ${endpoint} ${why}`, `reject ${endpoint} ${why}`];
  }
  if (state === 'held') return [`resume ${endpoint} ${why}`, `rollback ${endpoint} ${why}`, `abort ${endpoint} ${why}`];
  if (state === 'running' || state === 'watching') return [`watch ${endpoint}`, `rollback ${endpoint} ${why}`];
  if (state === 'reserved') return [`abort ${endpoint} ${why}`];
  if (openRetrospective !== null) {
    return [`evidence ${endpoint} ${openRetrospective} --html evidence.html`, `retro close ${endpoint} --notes "..."`];
  }
  return [];
}

function toneOf(state: RolloutState, paint: Paint): (text: string) => string {
  if (state === 'promoted') return paint.green;
  if (state === 'running' || state === 'watching' || state === 'reserved') return paint.cyan;
  return state === 'held' ? paint.yellow : paint.red;
}

/** As much of a digest as people compare. */
export const short = (digest: string): string => digest.slice(0, 8);

/** `2026-01-01 10:00 UTC`; a time that cannot be read stays as it is. */
export const minute = (at: string): string =>
  /^\d{4}-.*T\d\d:\d\d/.test(at) ? `${at.slice(0, 16).replace('T', ' ')} UTC` : at;

const ESCAPE = '\u001b[';

/** Cuts a line at a width, without counting colours; a line that is cut loses none of its end codes. */
function cut(line: string, width: number): string {
  const parts = line.split(new RegExp(`(${ESCAPE.replace('[', '\\[')}\\d+m)`));
  let left = width;
  return parts
    .map((part) => {
      if (part.startsWith(ESCAPE)) return part;
      const kept = part.length <= left ? part : left > 0 ? `${part.slice(0, left - 1)}…` : '';
      left -= part.length;
      return kept;
    })
    .join('');
}
