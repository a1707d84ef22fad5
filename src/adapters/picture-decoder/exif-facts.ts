/** What the camera wrote beside the picture. */
export interface CameraFacts {
  readonly takenAt?: number;
  readonly camera?: string;
  readonly place?: { readonly latitude: number; readonly longitude: number };
}

/** The tags as exifr gives them, neither translated nor revived. */
export interface RawTags {
  readonly Make?: unknown;
  readonly Model?: unknown;
  readonly DateTimeOriginal?: unknown;
  readonly CreateDate?: unknown;
  readonly OffsetTimeOriginal?: unknown;
  readonly OffsetTimeDigitized?: unknown;
  readonly latitude?: unknown;
  readonly longitude?: unknown;
}

/** What is not sound is left out: a camera's mistakes are no reason to refuse its picture. */
export function factsOf(tags: RawTags): CameraFacts {
  const takenAt =
    timeOf(tags.DateTimeOriginal, tags.OffsetTimeOriginal) ??
    timeOf(tags.CreateDate, tags.OffsetTimeDigitized);
  const camera = cameraOf(words(tags.Make), words(tags.Model));
  const place = placeOf(tags.latitude, tags.longitude);
  return {
    ...(takenAt === undefined ? {} : { takenAt }),
    ...(camera === '' ? {} : { camera }),
    ...(place === undefined ? {} : { place }),
  };
}

/** '2024:05:01 12:34:56', with '+02:00' in a tag of its own; without one, as if it were UTC. */
function timeOf(date: unknown, offset: unknown): number | undefined {
  const parts = /^(\d{4})[:-](\d\d)[:-](\d\d)[ T](\d\d):(\d\d):(\d\d)/.exec(words(date));
  if (parts === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(1).map(Number);
  const utc = Date.UTC(year, month - 1, day, hour, minute, second);
  const asWritten = new Date(utc);
  if (asWritten.getUTCMonth() !== month - 1 || asWritten.getUTCDate() !== day || year < 1826)
    return undefined;
  const zone = /^([+-])(\d\d):(\d\d)$/.exec(words(offset));
  if (zone === null) return utc;
  const minutes = Number(zone[2]) * 60 + Number(zone[3]);
  return utc - (zone[1] === '-' ? -1 : 1) * minutes * 60_000;
}

/** 'Canon' and 'Canon EOS 90D' are one camera: 'Canon EOS 90D'. */
function cameraOf(make: string, model: string): string {
  return model.toLowerCase().startsWith(make.toLowerCase()) ? model : `${make} ${model}`.trim();
}

function placeOf(latitude: unknown, longitude: unknown): CameraFacts['place'] {
  if (typeof latitude !== 'number' || typeof longitude !== 'number') return undefined;
  const isOnEarth = Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180;
  // Cameras without a fix write zeros.
  return isOnEarth && (latitude !== 0 || longitude !== 0) ? { latitude, longitude } : undefined;
}

function words(value: unknown): string {
  return typeof value === 'string' ? value.replaceAll('\0', '').trim().slice(0, 200) : '';
}
