import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Numbers in [0, 1), the same for the same seed and the same concern, whatever other concerns have drawn. */
export type RandomStream = () => number;

/** FNV-1a, 32 bits: turns the name of a concern into a part of its seed. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

/**
 * One stream a concern ('traffic', 'alarm-phase', ...), so that a fault that draws once more does not change the
 * traffic, and a failing case can be made smaller.
 */
export function randomStream(seed: number, concern: string): RandomStream {
  const generator = xoroshiro128plus(hash(`${seed}/${concern}`));
  return () => {
    // 53 bits from two draws, as Math.random has them.
    const high = generator.next() >>> 5;
    const low = generator.next() >>> 6;
    return (high * 0x4000000 + low) / 0x20000000000000;
  };
}
