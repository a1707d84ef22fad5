import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

// The canary of the import law: a small house with one wrong import a file. If the linter passes any of them, the law
// is asleep, and this test fails.

const top = resolve(import.meta.dirname, '..');
let house;

const WRONG = {
  'src/shared/wrong-core.ts': "import { a } from '#core/chat/index.ts';\nexport const x = a;\n",
  'src/rpc/wrong-core.ts': "import { a } from '#core/ports/model.ts';\nexport const x = a;\n",
  'src/core/chat/wrong-react.ts': "import { useState } from 'react';\nexport const x = useState;\n",
  'src/core/chat/wrong-private.ts': "import { a } from '#core/rag/chunk.ts';\nexport const x = a;\n",
  'src/core/chat/wrong-climb.ts': "import { a } from '../rag/chunk.ts';\nexport const x = a;\n",
  'src/core/chat/deep/wrong-climb.ts': "import { a } from '../../rag/chunk.ts';\nexport const x = a;\n",
  'src/core/ports/wrong-core.ts': "import { a } from '#core/chat/index.ts';\nexport const x = a;\n",
  'src/contracts/wrong-adapter.ts':
    "import { a } from '#adapters/storage-idb/index.ts';\nexport const x = a;\n",
  'src/adapters/engine-wllama/wrong-sibling.ts':
    "import { a } from '#adapters/storage-idb/index.ts';\nexport const x = a;\n",
  'src/adapters/engine-wllama/wrong-library.ts': "import { openDB } from 'idb';\nexport const x = openDB;\n",
  'src/ui/wrong-noun.tsx': "import { a } from '#core/chat/index.ts';\nexport const x = a;\n",
  'src/features/chat/wrong-adapter.tsx':
    "import { a } from '#adapters/storage-idb/index.ts';\nexport const x = a;\n",
  'src/features/chat/wrong-rpc.ts': "import { connect } from '#rpc/connect.ts';\nexport const x = connect;\n",
  'src/features/chat/wrong-inside.tsx':
    "import { a } from '#features/models/controller.ts';\nexport const x = a;\n",
  'src/app/wrong-engine.ts': "import { MLCEngine } from '@mlc-ai/web-llm';\nexport const x = MLCEngine;\n",
  'workers/llm/wrong-engine.ts':
    "import { MLCEngine } from '@mlc-ai/web-llm';\nexport const x = MLCEngine;\n",
  'e2e/specs/wrong-src.ts': "import { a } from '#core/chat/index.ts';\nexport const x = a;\n",
};

const RIGHT = {
  'src/core/chat/index.ts': "import type { P } from '#core/ports/p.ts';\nexport const a: P = 1;\n",
  'src/core/ports/p.ts': 'export type P = number;\n',
  'src/features/chat/right.ts': "import { a } from '#core/chat/index.ts';\nexport const x = a;\n",
};

const RING = {
  'src/core/ring/one.ts': "import { two } from './two.ts';\nexport const one = () => two;\n",
  'src/core/ring/two.ts': "import { one } from './one.ts';\nexport const two = () => one;\n",
};

function lint(path) {
  try {
    execFileSync(join(top, 'node_modules/.bin/biome'), ['lint', path], {
      cwd: house,
      encoding: 'utf8',
      stdio: 'pipe',
    });
    return '';
  } catch (error) {
    return `${error.stdout}${error.stderr}`;
  }
}

beforeAll(() => {
  house = mkdtempSync(join(tmpdir(), 'import-law-'));
  const config = JSON.parse(readFileSync(join(top, 'biome.json'), 'utf8'));
  delete config.vcs;
  delete config.$schema;
  writeFileSync(join(house, 'biome.json'), JSON.stringify(config));
  cpSync(join(top, 'package.json'), join(house, 'package.json'));
  symlinkSync(join(top, 'node_modules'), join(house, 'node_modules'));
  for (const [path, text] of Object.entries({ ...WRONG, ...RIGHT, ...RING })) {
    mkdirSync(dirname(join(house, path)), { recursive: true });
    writeFileSync(join(house, path), text);
  }
});
afterAll(() => rmSync(house, { recursive: true, force: true }));

describe('the import law bites', () => {
  test.each(Object.keys(WRONG))('%s is refused', (path) => {
    expect(lint(path)).toContain('noRestrictedImports');
  });
  test.each(Object.keys(RIGHT))('%s is allowed', (path) => {
    expect(lint(path)).toBe('');
  });
  test('a ring is refused', () => {
    expect(lint('src/core/ring')).toContain('noImportCycles');
  });
});
