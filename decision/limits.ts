/**
 * Limits of Amazon SageMaker and Amazon CloudWatch that the library holds a user's input against, each with the page
 * that states it. Times are seconds, sizes are percent of a variant's instances.
 */

/** A length that AWS accepts, both ends included. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/** `WaitIntervalInSeconds`. https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_TrafficRoutingConfig.html */
export const WAIT_INTERVAL_SECONDS: Range = { min: 0, max: 3600 };

/** `TerminationWaitInSeconds`. https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_BlueGreenUpdatePolicy.html */
export const TERMINATION_WAIT_SECONDS: Range = { min: 0, max: 3600 };

/** `MaximumExecutionTimeoutInSeconds`. https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_BlueGreenUpdatePolicy.html */
export const EXECUTION_TIMEOUT_SECONDS: Range = { min: 600, max: 28_800 };

/** `CapacitySize.Value` has no upper end in the API. https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CapacitySize.html */
export const CAPACITY_VALUE_MINIMUM = 1;

/** `CanarySize`: at most half of the variant. https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_TrafficRoutingConfig.html */
export const CANARY_PERCENT: Range = { min: 0, max: 50 };

/** `LinearStepSize`. https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_TrafficRoutingConfig.html */
export const LINEAR_STEP_PERCENT: Range = { min: 10, max: 50 };

/** `MaximumBatchSize`. https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_RollingUpdatePolicy.html */
export const ROLLING_BATCH_PERCENT: Range = { min: 5, max: 50 };

/** `RollbackMaximumBatchSize`: 100 % brings the whole old fleet back at once. https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_RollingUpdatePolicy.html */
export const ROLLBACK_BATCH_PERCENT: Range = { min: 0, max: 100 };

/** `AutoRollbackConfiguration.Alarms`. https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AutoRollbackConfig.html */
export const ROLLBACK_ALARMS: Range = { min: 1, max: 10 };

/** `AlarmName`: a name, not an ARN. https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Alarm.html */
export const ALARM_NAME_LENGTH: Range = { min: 1, max: 255 };

/** `DataCaptureConfig.InitialSamplingPercentage`. https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DataCaptureConfig.html */
export const CAPTURE_PERCENT: Range = { min: 0, max: 100 };

/** Content types a `CaptureContentTypeHeader` lists, of each kind. https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CaptureContentTypeHeader.html */
export const CAPTURE_CONTENT_TYPES: Range = { min: 1, max: 10 };

/** Answer of a custom resource, in bytes. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html */
export const CUSTOM_RESOURCE_RESPONSE_BYTES = 4096;

/** Alarms look at most this far back when the period is shorter than an hour. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html */
export const ALARM_WINDOW_SECONDS = 86_400;

/** The same for periods of an hour and longer. */
export const LONG_ALARM_WINDOW_SECONDS = 604_800;

/** Periods shorter than a minute that an alarm may have; all others are multiples of 60. */
export const HIGH_RESOLUTION_PERIODS: readonly number[] = [10, 20, 30];
