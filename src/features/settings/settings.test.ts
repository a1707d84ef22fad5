import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { presetOf, SAMPLING_PRESETS } from '#core/chat/index.ts';
import { DEFAULT_SETTINGS, parseSettings, type Settings, samplingOf } from './settings.ts';
import { parseSection } from './settings-sections.ts';

describe('stored settings', () => {
  test('what is unknown becomes its default, the rest stays', () => {
    expect(parseSettings({ theme: 'sepia', textSize: 'large', presetId: 'wild', colour: 'red' })).toEqual({
      ...DEFAULT_SETTINGS,
      textSize: 'large',
    });
  });

  test('a row of another version keeps what still means the same', () => {
    expect(parseSettings({ version: 2, theme: 'dark', sendKey: 7 })).toEqual({
      ...DEFAULT_SETTINGS,
      theme: 'dark',
    });
  });

  test('an old row that also held the embedding model is read, and the model is left to the shelf', () => {
    expect(parseSettings({ version: 1, theme: 'dark', embedderId: 'e5' })).toEqual({
      ...DEFAULT_SETTINGS,
      theme: 'dark',
    });
  });

  test('anything at all can be read, and reading twice changes nothing', () => {
    fc.assert(
      fc.property(fc.anything(), (stored) => {
        const settings = parseSettings(stored);
        expect(parseSettings(settings)).toEqual(settings);
        expect(parseSettings(structuredClone(settings))).toEqual(settings);
      }),
    );
  });

  test('settings survive being stored', () => {
    const chosen: Settings = {
      version: 1,
      theme: 'light',
      textSize: 'large',
      sendKey: 'mod+enter',
      systemPrompt: 'Answer briefly.',
      presetId: 'precise',
    };
    expect(parseSettings(structuredClone(chosen))).toEqual(chosen);
  });
});

test('every wording is one that a chat knows', () => {
  for (const { id } of SAMPLING_PRESETS)
    expect(presetOf(samplingOf({ ...DEFAULT_SETTINGS, presetId: id }))?.id).toBe(id);
});

test('an address names a section or none', () => {
  expect(parseSection('privacy')).toBe('privacy');
  expect(parseSection('nonsense')).toBeUndefined();
  expect(parseSection(undefined)).toBeUndefined();
});
