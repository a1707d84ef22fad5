import { expect, test } from 'vitest';
import { describeLexicalIndex } from '#core/ports/lexical-index.conformance.ts';
import { createMiniSearchIndex } from './index.ts';

describeLexicalIndex('lexical-minisearch', createMiniSearchIndex);

test('finds words of scripts that are written without spaces, and ranks them above single characters', () => {
  const index = createMiniSearchIndex();
  index.add([
    { key: 1, heading: '', text: '水の上を飛ぶ鳥は、泵とは関係がない排気の話。' },
    { key: 2, heading: '', text: '排水泵は毎月点検する。' },
    { key: 3, heading: '', text: '安全弁在八点四巴时打开。' },
    { key: 4, heading: '', text: 'วาล์วนิรภัยเปิดที่ความดันสูง' },
    { key: 5, heading: '', text: 'صمام الأمان يفتح عند الضغط العالي' },
  ]);
  expect(index.search('排水泵', 5)[0]?.key).toBe(2);
  expect(index.search('安全弁', 5).map(({ key }) => key)).toEqual([3]);
  expect(index.search('水', 5).map(({ key }) => key)).toContain(2);
  expect(index.search('วาล์ว', 5)[0]?.key).toBe(4);
  expect(index.search('الضغط', 5).map(({ key }) => key)).toEqual([5]);
});
