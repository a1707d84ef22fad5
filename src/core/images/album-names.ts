import * as v from 'valibot';
import type { Album } from '#core/ports/pictures.ts';
import type { SettingsRepository } from '#core/ports/repositories.ts';
import { dot } from './vector-math.ts';

/** Under this key stand the names that the user gave, each with the centre of its album at that time. */
const KEY = 'picture-albums';
const MOST_NAMES = 200;

/**
 * From this cosine on an album is the one that was named. Measured on the 120 evaluation pictures in eight albums, which share
 * little: centres of one sorting are 0.50 alike at most (half of the nearest: 0.34), so that no name can mean two albums; when
 * pictures are added (a tenth or a quarter of all) 0.56 of the names find an album again, at 0.9 only 0.32 would.
 */
const SAME_ALBUM = 0.8;

const keptSchema = v.fallback(
  v.array(
    v.object({
      spaceId: v.string(),
      name: v.string(),
      centre: v.custom<Float32Array>((value) => value instanceof Float32Array),
    }),
  ),
  [],
);
type KeptName = v.InferOutput<typeof keptSchema>[number];

/** Which name belongs to which album: the surest pairs first, each name and each album once. */
function pairsOf(kept: readonly KeptName[], centres: readonly Float32Array[]): ReadonlyMap<number, KeptName> {
  const pairs = kept.flatMap((name) =>
    centres.flatMap((centre, album) => {
      const likeness = dot(centre, name.centre);
      return likeness >= SAME_ALBUM ? [{ name, album, likeness }] : [];
    }),
  );
  const found = new Map<number, KeptName>();
  const taken = new Set<KeptName>();
  for (const { name, album } of pairs.sort((a, b) => b.likeness - a.likeness)) {
    if (found.has(album) || taken.has(name)) continue;
    found.set(album, name);
    taken.add(name);
  }
  return found;
}

/** Names of albums outlive the next sorting: an album is told by its centre, since its pictures come and go. */
export function createAlbumNames(settings: Pick<SettingsRepository, 'get' | 'set'>) {
  const read = async (): Promise<readonly KeptName[]> => v.parse(keptSchema, (await settings.get(KEY)) ?? []);

  return {
    async apply(spaceId: string, albums: readonly Album[]): Promise<readonly Album[]> {
      const kept = (await read()).filter((name) => name.spaceId === spaceId);
      const names = pairsOf(
        kept,
        albums.map(({ centre }) => centre),
      );
      return albums.map((album, i) => {
        const given = names.get(i)?.name;
        return given === undefined ? album : { ...album, name: given, suggestion: album.name };
      });
    },
    /** An empty name gives the album its suggestion back. */
    async rename(spaceId: string, centre: Float32Array, name: string): Promise<void> {
      const kept = await read();
      const before = pairsOf(
        kept.filter((other) => other.spaceId === spaceId),
        [centre],
      ).get(0);
      const given = name.trim();
      const others = kept.filter((other) => other !== before);
      const next = given === '' ? others : [...others, { spaceId, name: given, centre }];
      await settings.set(KEY, next.slice(-MOST_NAMES));
    },
  };
}
