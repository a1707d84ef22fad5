import { describe, expect, test } from 'vitest';
import { describeDocumentParser } from '#core/ports/document-parser.conformance.ts';
import { createCodeParser } from './code.ts';

const parser = createCodeParser();
const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]);

const TS = `import { x } from './x.ts';

/** Opens the valve at a pressure. */
@logged
export class Valve extends Part {
  private bar = 8.4;

  // Only by hand.
  open(force: number): boolean {
    if (force > 2) {
      return true;
    }
    return false;
  }

  static async create<T>(input: T): Promise<Valve> {
    return new Valve();
  }
}

export const close = async (valve: Valve): Promise<void> => {
  await valve.close();
};

export async function* pumps(count = 2): AsyncGenerator<number> {
  for (let i = 0; i < count; i++) yield i;
}

export interface Spring {
  readonly coils: number;
}
`;

const PY = `import os

# Keeps the log.
@dataclass
class Log:
    """A log."""

    def write(self, line: str) -> None:
        def helper():
            pass
        print(line)

async def main():
    pass
`;

describeDocumentParser('parsers/code', async () => ({
  parser,
  samples: [
    {
      file: new File([TS], 'valve.ts'),
      contains: ['Opens the valve at a pressure.', 'return true;'],
      headings: ['class Valve', 'open()', 'create()', 'close()', 'function pumps', 'interface Spring'],
    },
    {
      file: new File([PY], 'log.py'),
      contains: ['A log.'],
      headings: ['class Log', 'def write', 'def helper', 'def main'],
    },
  ],
  refused: [{ file: new File([PNG], 'picture.py'), code: 'input/invalid', message: /PNG/ }],
}));

describe('the outline of source code', () => {
  const names = async (name: string, text: string): Promise<string[]> =>
    (await parser.parse(new File([text], name))).headings.map(
      ({ level, text: heading }) => `${level} ${heading}`,
    );

  test.each([
    [
      'a.go',
      'func Open(v *Valve) error {\n}\n\nfunc (v *Valve) Close() {\n}\ntype Valve struct {\n}\n',
      ['1 func Open', '1 func (v *Valve) Close', '1 type Valve'],
    ],
    [
      'a.rs',
      'pub struct Valve;\nimpl Valve {\n    pub fn open(&self) -> bool {\n        if x {\n        }\n    }\n}\nfn main() {}\n',
      ['1 struct Valve', '1 impl Valve', '2 fn open', '1 fn main'],
    ],
    [
      'A.java',
      'public final class A {\n    private int size() {\n        while (true) {\n        }\n        call(x);\n    }\n}\n',
      ['1 class A', '2 size()'],
    ],
    [
      'a.c',
      '#include <x.h>\nstatic int open_valve(int bar)\n{\n  if (bar) {\n  }\n  run(bar);\n}\nint x;\nvoid declared(int);\n',
      ['1 open_valve()'],
    ],
    [
      'a.rb',
      'module Pump\n  class Valve\n    def open?\n    end\n  end\nend\n',
      ['1 module Pump', '2 class Valve', '3 def open?'],
    ],
    ['a.sh', '#!/bin/sh\nopen_valve() {\n  echo x\n}\n', ['1 open_valve()']],
    ['a.sql', 'create table if not exists valves (\n  id int\n);\n', ['1 table if not exists valves']],
    [
      'a.kt',
      'data class Valve(val bar: Int) {\n    fun open(): Boolean {\n    }\n}\n',
      ['1 class Valve', '2 open()'],
    ],
    [
      'a.php',
      '<?php\nclass Valve {\n  public function open($x) {\n  }\n}\n',
      ['1 class Valve', '2 function open'],
    ],
    ['a.lua', 'local function open(v)\nend\n', ['1 function open']],
    ['a.R', 'open_valve <- function(bar) {\n}\n', ['1 function open_valve']],
    [
      'a.cs',
      'namespace Pump\n{\n    public class Valve\n    {\n        public bool Open(int bar)\n        {\n        }\n    }\n}\n',
      ['1 namespace Pump', '2 class Valve', '3 Open()'],
    ],
  ])('%s', async (name, text, expected) => {
    expect(await names(name, text)).toEqual(expected);
  });

  test('comments and decorators above belong to what they stand above', async () => {
    const { headings, text } = await parser.parse(new File([TS], 'valve.ts'));
    const [valve, open] = headings;
    expect(text.slice(valve?.sectionStart, valve?.start)).toBe(
      '/** Opens the valve at a pressure. */\n@logged\n',
    );
    expect(text.slice(open?.sectionStart, open?.start).trim()).toBe('// Only by hand.');
  });

  test('a packed file of one long line ends', async () => {
    const packed = 'function a(){return 1}'.repeat(200_000);
    expect((await parser.parse(new File([packed], 'a.min.js'))).headings).toEqual([]);
  });
});
