import { describe, expect, test } from 'vitest';
import { OneSampleTest } from '../../../decision';

describe('one sample', () => {
  test('argues for no alternative that its bounds have pushed into the null', () => {
    expect([...new OneSampleTest(0.9995, 'harm', [0.005]).step(90, 100)]).toEqual([0]);
    expect([...new OneSampleTest(1e-10, 'safe', [0.5]).step(0, 100)]).toEqual([0]);
    expect(new OneSampleTest(0.9, 'harm', [0.05]).step(99, 100)[0]).toBeGreaterThan(0);
  });
});
