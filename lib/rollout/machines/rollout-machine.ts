import { byWord, CLAIM, type Machine, type State, task, wait, waitAsSaid, when } from './states';

const APPLY = '${ApplyTransition}';
const KEEP = '${KeepRecord}';

/**
 * Brings one version from nothing to all traffic, phase by phase. Input: `{ endpoint, rolloutId, epoch }`; everything
 * else is in the record, as it was handed over. It never takes anything back itself: it fails, and `rollback` does.
 */
export function rolloutMachine(): Machine {
  return {
    Comment: 'One rollout: phase after phase, each entered, verified and watched',
    StartAt: 'Begin',
    TimeoutSeconds: 60 * 86_400,
    States: { ...before(), ...phases(), ...ends() },
  };
}

function before(): { [name: string]: State } {
  return {
    Begin: task({
      resource: KEEP,
      parameters: { action: 'begin', ...CLAIM },
      resultPath: '$.begun',
      next: 'IsFirst',
      onError: 'TakeBack',
    }),
    IsFirst: when('$.begun.create', 'IsAsked', 'Preflight'),
    // A first version has all traffic at once: what can be asked of it before that is asked.
    IsAsked: when('$.begun.before', 'NothingServes', 'Create'),
    NothingServes: {
      Type: 'Pass',
      Result: { asked: {}, fullCount: 0, configBefore: '', exposed: false },
      ResultPath: '$.transition',
      Next: 'IsResumed',
    },
    // There is nothing to go back to: a first version that does not serve is a failure, and its lock is given back.
    Create: task({
      resource: APPLY,
      parameters: { action: 'create', ...CLAIM, 'since.$': '$$.Execution.StartTime' },
      resultPath: '$.transition',
      next: 'IsCreated',
      onError: 'TakeBack',
      // It serves, and only its number of instances stays as it is.
      onNamed: { ScalingRefused: 'HoldUnfinished' },
    }),
    IsCreated: when('$.transition.settled', 'NoteCreated', 'WaitForCreate'),
    WaitForCreate: waitAsSaid('$.transition', 'Create'),
    NoteCreated: {
      Type: 'Pass',
      Result: { answer: 'pass', reason: 'the first version serves' },
      ResultPath: '$.bake',
      Next: 'Promote',
    },
    Preflight: task({
      resource: '${Preflight}',
      parameters: { ...CLAIM, 'since.$': '$$.Execution.StartTime' },
      resultPath: '$.transition',
      next: 'IsReady',
      onError: 'TakeBack',
      // What it found is for a person to judge, who resumes the rollout or takes it back; nothing was touched yet.
      onNamed: { PreflightRefused: 'HoldUnfinished' },
    }),
    IsReady: when('$.transition.settled', 'IsResumed', 'WaitForReady'),
    WaitForReady: waitAsSaid('$.transition', 'Preflight'),
    // A person who resumes a held rollout says with which phase.
    IsResumed: {
      Type: 'Choice',
      Choices: [{ Variable: '$.phaseIndex', IsPresent: true, Next: 'AnnouncePhase' }],
      Default: 'FirstPhase',
    },
    FirstPhase: { Type: 'Pass', Result: 0, ResultPath: '$.phaseIndex', Next: 'AnnouncePhase' },
  };
}

function phases(): { [name: string]: State } {
  const phase = { ...CLAIM, 'phaseIndex.$': '$.phaseIndex' };
  const carried = {
    'asked.$': '$.transition.asked',
    'fullCount.$': '$.transition.fullCount',
    'configBefore.$': '$.transition.configBefore',
  };
  return {
    AnnouncePhase: task({
      resource: KEEP,
      parameters: { action: 'phase', ...phase },
      resultPath: '$.phase',
      next: 'EnterPhase',
      onError: 'TakeBack',
    }),
    EnterPhase: task({
      resource: APPLY,
      parameters: { action: 'enter', ...phase, ...carried, 'since.$': '$.phase.at' },
      resultPath: '$.transition',
      next: 'IsEntered',
      onError: 'TakeBack',
      // Nobody is to blame for a lack of instances, and the share that it has was earned.
      onNamed: { CapacityMissing: 'HoldUnfinished' },
    }),
    IsEntered: when('$.transition.settled', 'NotePhase', 'WaitForEntry'),
    WaitForEntry: waitAsSaid('$.transition', 'EnterPhase'),
    NotePhase: task({
      resource: KEEP,
      parameters: { action: 'entered', ...phase, 'fullCount.$': '$.transition.fullCount' },
      resultPath: '$.entered',
      next: 'Bake',
      onError: 'TakeBack',
    }),
    Bake: task({
      resource: 'arn:${Partition}:states:::states:startExecution.sync:2',
      parameters: {
        StateMachineArn: '${BakeMachine}',
        // The same for every attempt of this state, so that a lost reply starts nothing twice.
        'Name.$': "States.Format('{}-{}', $.rolloutId, States.Hash($$.State.EnteredTime, 'MD5'))",
        Input: { ...phase, 'AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID.$': '$$.Execution.Id' },
      },
      resultSelector: { 'answer.$': '$.Output.answer', 'reason.$': '$.Output.reason', 'at.$': '$.Output.at' },
      resultPath: '$.bake',
      next: 'IsBaked',
      onError: 'TakeBack',
      // Its reply was lost, and it is over already: what it has found is asked again.
      onNamed: { 'StepFunctions.ExecutionAlreadyExistsException': 'WaitForBake' },
      // It ends itself after 180 ticks, of five minutes and a look of a quarter of an hour at most: who is silent for longer is dead.
      timeoutSeconds: 3 * 86_400,
    }),
    WaitForBake: wait(60, 'Bake'),
    IsBaked: byWord(
      '$.bake.answer',
      { pass: 'IsLastPhase', continue: 'Bake', retreat: 'Retreat', fail: 'TakeBackRefused' },
      'Hold',
    ),
    Retreat: task({
      resource: APPLY,
      parameters: {
        action: 'restore',
        ...CLAIM,
        'fullCount.$': '$.transition.fullCount',
        'since.$': '$.bake.at',
      },
      resultPath: '$.retreat',
      next: 'IsRetreated',
      onError: 'TakeBack',
    }),
    IsRetreated: when('$.retreat.settled', 'Hold', 'WaitForRetreat'),
    WaitForRetreat: waitAsSaid('$.retreat', 'Retreat'),
    IsLastPhase: when('$.phase.last', 'IsAllowed', 'NextPhase'),
    IsAllowed: when('$.begun.create', 'Create', 'Finalise'),
    NextPhase: { Type: 'Pass', InputPath: '$.phase.next', ResultPath: '$.phaseIndex', Next: 'AnnouncePhase' },
  };
}

function ends(): { [name: string]: State } {
  const end = (outcome: string, reason: object, next: string, onError: string, onNamed?: { [error: string]: string }) =>
    task({
      resource: KEEP,
      parameters: { action: 'end', ...CLAIM, outcome, ...reason },
      resultPath: '$.end',
      next,
      onError,
      ...(onNamed === undefined ? {} : { onNamed }),
    });
  const takeBack = (why: object, onError: string) =>
    task({
      resource: 'arn:${Partition}:states:::states:startExecution',
      parameters: {
        StateMachineArn: '${RollbackMachine}',
        Input: {
          trigger: {
            kind: 'execution',
            'name.$': '$.rolloutId',
            'at.$': '$$.State.EnteredTime',
            ...why,
          },
        },
      },
      resultPath: null,
      next: 'Failed',
      onError,
    });
  return {
    Finalise: task({
      resource: APPLY,
      parameters: {
        action: 'finalise',
        ...CLAIM,
        'fullCount.$': '$.transition.fullCount',
        'asked.$': '$.transition.asked',
        'since.$': '$.bake.at',
      },
      resultPath: '$.transition',
      next: 'IsFinalised',
      // All traffic is where it should be: what is left over is a person's, never a reason to go back.
      onError: 'HoldUnfinished',
    }),
    IsFinalised: when('$.transition.settled', 'Promote', 'WaitForFinalise'),
    WaitForFinalise: waitAsSaid('$.transition', 'Finalise'),
    Promote: end('promoted', { 'reason.$': '$.bake.reason' }, 'Promoted', 'HoldUnfinished'),
    Promoted: { Type: 'Succeed' },
    Hold: end('held', { 'reason.$': '$.bake.reason' }, 'Held', 'TakeBack'),
    // A finalisation that fails is never a way back: it is told until it is heard, unless somebody else has the lock.
    HoldUnfinished: end('held', { 'reason.$': '$.error.Cause' }, 'Held', 'WaitForHold', { EpochLost: 'Failed' }),
    WaitForHold: wait(900, 'HoldUnfinished'),
    Held: { Type: 'Succeed' },
    // What a gate has said is the reason that people read.
    TakeBackRefused: takeBack({ 'because.$': '$.bake.reason' }, 'TakeBack'),
    // So is the error that it failed with; whoever comes here came by one.
    TakeBack: takeBack({ 'error.$': '$.error' }, 'CallPeople'),
    // The rule on executions that end badly would start it too; but events can be lost, and traffic is still out there.
    CallPeople: task({
      resource: KEEP,
      parameters: { action: 'stuck', ...CLAIM, 'reason.$': '$.error.Cause' },
      resultPath: null,
      next: 'WaitForTakeBack',
      onError: 'WaitForTakeBack',
    }),
    WaitForTakeBack: wait(300, 'TakeBack'),
    Failed: { Type: 'Fail', Error: 'RolloutFailed', Cause: 'the rollout was not promoted; its record says why' },
  };
}
