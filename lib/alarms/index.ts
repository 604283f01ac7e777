export { ErrorRateAlarm, type ErrorRateAlarmProps } from './error-rate-alarm';
export { LatencyAlarm, type LatencyAlarmProps } from './latency-alarm';
export { ModelErrorRateAlarm, type ModelErrorRateAlarmProps } from './model-error-rate-alarm';
export { OverheadAlarm, type OverheadAlarmProps } from './overhead-alarm';
export { TrafficLossAlarm, type TrafficLossAlarmProps } from './traffic-loss-alarm';
export { UtilizationAlarm, type UtilizationAlarmProps } from './utilization-alarm';
