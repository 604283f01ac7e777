const ISO = /^P(?!$)(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;
const SECONDS: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 };

/** `PT10M` (ISO 8601), `600` (seconds), or `90s`, `10m`, `2h`, `3d`: milliseconds; undefined for anything else. */
export function milliseconds(text: string): number | undefined {
  const [, number, unit] = /^(\d+(?:\.\d+)?)([smhd]?)$/.exec(text) ?? [];
  if (number !== undefined) return Math.round(1000 * Number(number) * SECONDS[unit]);
  const [iso, ...parts] = ISO.exec(text) ?? [];
  if (iso === undefined) return undefined;
  const [days, hours, minutes, seconds] = parts.map((part) => Number(part ?? 0));
  return Math.round(1000 * (86_400 * days + 3600 * hours + 60 * minutes + seconds));
}
