import { expect, test } from 'vitest';
import { milliseconds } from '../../../rehearsal/serve/duration';

test.each([
  ['0', 0],
  ['600', 600_000],
  ['0.5', 500],
  ['90s', 90_000],
  ['10m', 600_000],
  ['1.5h', 5_400_000],
  ['3d', 259_200_000],
  ['PT10M', 600_000],
  ['PT1H30M', 5_400_000],
  ['P1DT0.25S', 86_400_250],
  ['P7D', 604_800_000],
])('%s is %d ms', (text, expected) => expect(milliseconds(text)).toBe(expected));

test.each([
  '',
  ' ',
  '-1',
  '+1',
  'PT',
  'P',
  'PT-1M',
  'P1M',
  'P1Y',
  '1e3',
  'Infinity',
  'NaN',
  '10 m',
  '10M',
  '1h30m',
  'PT1.5H',
  'tomorrow',
])("fails to read '%s'", (text) => expect(milliseconds(text)).toBeUndefined());
