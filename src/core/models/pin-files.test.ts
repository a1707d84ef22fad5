import { describe, expect, it } from 'vitest';
import type { ModelFile } from '#core/ports/model.ts';
import { areFilesKnown, pinFiles, pinsOf } from './pin-files.ts';
import { SMOLLM2_135M } from './sample-catalog.test-support.ts';

const A = 'a'.repeat(64);
const B = 'b'.repeat(64);
const open = { ...SMOLLM2_135M, files: [] };
const first: readonly ModelFile[] = [{ path: 'config.json' }, { path: 'w.bin', sizeBytes: 9, sha256: A }];
const changed: readonly ModelFile[] = [{ path: 'config.json' }, { path: 'w.bin', sizeBytes: 9, sha256: B }];

describe('pinned files', () => {
  it('are those that the hub states at first, and stay when it lists more', () => {
    const pinned = pinFiles(open, first, []);
    expect(pinned.files).toEqual(first);
    expect(pinFiles(open, [...first, { path: 'more.bin', sha256: B }], pinned.files).files).toEqual(first);
  });

  it('refuse a hub that states another hash, and say what happened and what to do', () => {
    expect(() => pinFiles(open, changed, first)).toThrow(
      expect.objectContaining({
        code: 'model/integrity',
        message: expect.stringMatching(/has changed at the model hub.*w\.bin.*take the new files/),
        details: { path: 'w.bin', pinned: A, stated: B },
      }),
    );
  });

  it('stand behind what the catalog itself states', () => {
    const [file] = pinFiles({ ...open, files: [{ path: 'w.bin', sha256: B }] }, changed, []).files;
    expect(file).toEqual({ path: 'w.bin', sizeBytes: 9, sha256: B });
    expect(areFilesKnown({ ...open, files: [{ path: 'w.bin', sizeBytes: 9, sha256: B }] })).toBe(true);
    expect(areFilesKnown(open)).toBe(false);
  });

  it('of another source count no more', () => {
    const record = { ...open, files: first };
    expect(pinsOf(open, record)).toEqual(first);
    expect(
      pinsOf({ ...open, sources: [{ kind: 'hub', repo: 'other/one', revision: 'main' }] }, record),
    ).toEqual([]);
    expect(pinsOf(open, undefined)).toEqual([]);
  });
});
