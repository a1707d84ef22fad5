/**
 * A new id that sorts by time: 48 bits of milliseconds, then 80 random bits, as 26 Crockford base-32 characters
 * (the ULID layout, https://github.com/ulid/spec).
 */
export function createId(nowMs: number = Date.now()): string {
  const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  let time = '';
  for (let rest = nowMs, i = 0; i < 10; i++, rest = Math.floor(rest / 32))
    time = alphabet.charAt(rest % 32) + time;
  const random = crypto.getRandomValues(new Uint8Array(16));
  return time + Array.from(random, (byte) => alphabet.charAt(byte % 32)).join('');
}
