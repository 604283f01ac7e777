import { CLAIM, type Machine, type State, task } from './states';

/**
 * Ticks after which an execution ends itself and is continued. A tick with the most functions that may be asked (12)
 * writes about 100 history events, so this keeps far below the 25,000 that AWS allows.
 */
export const TICKS_AN_EXECUTION = 180;

/** Nothing is decided yet, and this execution has room for another tick. */
const GOES_ON = [
  { Variable: '$.decision.answer', StringEquals: 'continue' },
  { Variable: '$.decision.ticks', NumericLessThan: TICKS_AN_EXECUTION },
];

/**
 * Watches one phase, tick by tick: look, ask, decide, wait. Input: `{ endpoint, rolloutId, epoch, phaseIndex }`; output
 * `{ answer, reason, at }`, `answer` being `pass`, `fail`, `hold` or `continue`. Judgement is stateless: all that a tick
 * keeps of the one before is how often in a row it has seen drift.
 */
export function bakeMachine(): Machine {
  const place = { ...CLAIM, 'phaseIndex.$': '$.phaseIndex' };
  return {
    Comment: 'One phase under observation',
    StartAt: 'FirstTick',
    TimeoutSeconds: 30 * 86_400,
    States: {
      FirstTick: { Type: 'Pass', Result: { driftTicks: 0, ticks: 0 }, ResultPath: '$.decision', Next: 'Look' },
      Look: task({
        resource: '${LookAtPhase}',
        parameters: { action: 'look', ...place, 'bake.$': '$$.Execution.Id', 'at.$': '$$.State.EnteredTime' },
        resultPath: '$.look',
        next: 'Ask',
        onError: 'Undecidable',
      }),
      Ask: ask(),
      Decide: task({
        resource: '${LookAtPhase}',
        parameters: {
          action: 'decide',
          ...place,
          'bake.$': '$$.Execution.Id',
          'at.$': '$.look.at',
          'drift.$': '$.look.drift',
          'short.$': '$.look.short',
          'driftTicks.$': '$.decision.driftTicks',
          'ticks.$': '$.decision.ticks',
          'answers.$': '$.answers',
        },
        resultPath: '$.decision',
        next: 'IsDecided',
        onError: 'Undecidable',
      }),
      IsDecided: {
        Type: 'Choice',
        Choices: [
          {
            And: [...GOES_ON, { Variable: '$.look.raiseTo', NumericGreaterThan: 0 }],
            Next: 'RaiseChampion',
          },
          { And: GOES_ON, Next: 'WaitForTick' },
        ],
        Default: 'Answer',
      },
      // The challenger has grown with the traffic: the champion must be able to take all of it. What fails is asked for again
      // at the next tick, and no phase passes meanwhile.
      RaiseChampion: task({
        resource: '${ApplyTransition}',
        parameters: { action: 'raise', ...place, 'fullCount.$': '$.look.raiseTo', 'since.$': '$.look.at' },
        resultPath: null,
        next: 'WaitForTick',
        onError: 'WaitForTick',
        attempts: 2,
      }),
      WaitForTick: { Type: 'Wait', SecondsPath: '$.decision.waitSeconds', Next: 'Look' },
      Answer: {
        Type: 'Pass',
        Parameters: {
          'answer.$': '$.decision.answer',
          'reason.$': '$.decision.reason',
          'at.$': '$$.State.EnteredTime',
        },
        End: true,
      },
      Undecidable: { Type: 'Fail', Error: 'Undecidable', Cause: 'the phase could not be looked at' },
    },
  };
}

/** Asks everybody who has a say in this tick. Whoever does not answer holds. */
function ask(): State {
  return {
    Type: 'Map',
    ItemsPath: '$.look.questions',
    MaxConcurrency: 12,
    ResultPath: '$.answers',
    ItemProcessor: {
      ProcessorConfig: { Mode: 'INLINE' },
      StartAt: 'Question',
      States: {
        Question: {
          Type: 'Task',
          Resource: 'arn:${Partition}:states:::lambda:invoke',
          Parameters: { 'FunctionName.$': '$.functionArn', 'Payload.$': '$.event' },
          ResultSelector: { 'kind.$': '$.Payload.kind', 'reason.$': '$.Payload.reason' },
          TimeoutSeconds: 900,
          Retry: [
            {
              ErrorEquals: ['Lambda.ServiceException', 'Lambda.SdkClientException', 'Lambda.TooManyRequestsException'],
              IntervalSeconds: 2,
              BackoffRate: 2,
              MaxAttempts: 3,
              JitterStrategy: 'FULL',
            },
          ],
          Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'Silent' }],
          End: true,
        },
        Silent: {
          Type: 'Pass',
          Parameters: { kind: 'hold', 'reason.$': "States.Format('no answer: {}', $.error.Error)" },
          End: true,
        },
      },
    },
    Next: 'Decide',
  };
}
