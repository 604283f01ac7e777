import { type Machine, task, wait, waitAsSaid, when } from './states';

const APPLY = '${ApplyTransition}';
const KEEP = '${KeepRecord}';

/** Another way back has taken the lock, by a person's will: it goes on, and this one has nothing to say any more. */
const TAKEN_OVER = { EpochLost: 'Quiet' };

/**
 * Takes a rollout back. Input: `{ trigger }` of an alarm, a failed execution, a gate or a person. Of many that start
 * at once, one seizes the lock; the others end quietly. It gives up only after a day, and calls people long before.
 */
export function rollbackMachine(): Machine {
  const claim = {
    'endpoint.$': '$.seized.endpoint',
    'rolloutId.$': '$.seized.rolloutId',
    'epoch.$': '$.seized.epoch',
  };
  const apply = (action: string, next: string, onError: string) =>
    task({
      resource: APPLY,
      parameters: {
        action,
        ...claim,
        'fullCount.$': '$.seized.fullCount',
        'exposed.$': '$.transition.exposed',
        'since.$': '$$.Execution.StartTime',
      },
      resultPath: '$.transition',
      next,
      onError,
      onNamed: TAKEN_OVER,
    });
  return {
    Comment: 'The way back of one rollout',
    StartAt: 'Seize',
    TimeoutSeconds: 86_400,
    States: {
      Seize: task({
        resource: KEEP,
        parameters: { action: 'seize', 'trigger.$': '$.trigger', 'by.$': '$$.Execution.Name' },
        resultPath: '$.seized',
        next: 'IsSeized',
        onError: 'CallForSeize',
      }),
      // Nobody else may come: a trigger that cannot be heard now is heard later, and people know of it.
      CallForSeize: task({
        resource: KEEP,
        parameters: { action: 'unheard', 'trigger.$': '$.trigger', 'reason.$': '$.error.Cause' },
        resultPath: null,
        next: 'WaitForSeize',
        onError: 'WaitForSeize',
        attempts: 2,
      }),
      WaitForSeize: wait(60, 'Seize'),
      IsSeized: when('$.seized.seized', 'Unseen', 'Quiet'),
      Quiet: { Type: 'Succeed' },
      Unseen: {
        Type: 'Pass',
        Parameters: { settled: false, 'exposed.$': '$.seized.exposed' },
        ResultPath: '$.transition',
        Next: 'HasExecution',
      },
      HasExecution: {
        Type: 'Choice',
        Choices: [{ Variable: '$.seized.executionArn', StringEquals: '', Next: 'Restore' }],
        Default: 'StopForward',
      },
      // The epoch has shut its hands already: whether it could be stopped changes nothing.
      StopForward: task({
        resource: 'arn:${Partition}:states:::aws-sdk:sfn:stopExecution',
        parameters: { 'ExecutionArn.$': '$.seized.executionArn', Cause: 'the rollout is being taken back' },
        resultPath: null,
        next: 'Restore',
        onError: 'Restore',
        attempts: 2,
      }),
      Restore: apply('restore', 'IsRestored', 'CallPeople'),
      IsRestored: when('$.transition.settled', 'LetSettle', 'WaitForRestore'),
      WaitForRestore: waitAsSaid('$.transition', 'Restore'),
      CallPeople: task({
        resource: KEEP,
        parameters: { action: 'stuck', ...claim, 'reason.$': '$.error.Cause' },
        resultPath: null,
        next: 'WaitForPeople',
        onError: 'WaitForPeople',
      }),
      WaitForPeople: wait(60, 'Restore'),
      // Weights that were overwritten by a slower writer are put right once more.
      LetSettle: wait(60, 'AssertRestored'),
      AssertRestored: apply('restore', 'IsStillRestored', 'CallPeople'),
      IsStillRestored: when('$.transition.settled', 'Shrink', 'WaitForRestore'),
      Shrink: apply('shrink', 'IsShrunk', 'Record'),
      IsShrunk: when('$.transition.settled', 'Record', 'WaitForShrink'),
      WaitForShrink: waitAsSaid('$.transition', 'Shrink'),
      Record: task({
        resource: KEEP,
        parameters: {
          action: 'end',
          ...claim,
          'outcome.$': '$.seized.outcome',
          'reason.$': '$.seized.reason',
          'exposed.$': '$.transition.exposed',
        },
        resultPath: null,
        next: 'Done',
        onError: 'WaitForRecord',
        onNamed: TAKEN_OVER,
      }),
      WaitForRecord: wait(60, 'Record'),
      Done: { Type: 'Succeed' },
    },
  };
}
