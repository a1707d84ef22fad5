import { describe, expect, test } from 'vitest';
import { chooseIndexKind, INT8_FROM_VECTORS, isRightKind, parseIndexChoice } from './choose-index.ts';

describe('the kind of index', () => {
  test('goes by size, unless it is chosen', () => {
    expect(chooseIndexKind(INT8_FROM_VECTORS - 1, 'auto')).toBe('exact');
    expect(chooseIndexKind(INT8_FROM_VECTORS, 'auto')).toBe('int8');
    expect(chooseIndexKind(5, 'int8')).toBe('int8');
    expect(chooseIndexKind(1_000_000, 'voy')).toBe('voy');
  });

  test('is kept a while when a collection shrinks, and changed at once by a choice', () => {
    expect(isRightKind('int8', INT8_FROM_VECTORS - 1, 'auto')).toBe(true);
    expect(isRightKind('int8', INT8_FROM_VECTORS / 2 - 1, 'auto')).toBe(false);
    expect(isRightKind('exact', INT8_FROM_VECTORS, 'auto')).toBe(false);
    expect(isRightKind('int8', 90_000, 'exact')).toBe(false);
  });

  test('what is stored is read with care', () => {
    expect(parseIndexChoice('voy')).toBe('voy');
    expect(parseIndexChoice(undefined)).toBe('auto');
    expect(parseIndexChoice({ kind: 'int8' })).toBe('auto');
  });
});
