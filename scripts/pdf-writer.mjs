// A small PDF writer for fixtures and samples: standard fonts, an outline, a title, a password. What it writes opens in
// any reader (ISO 32000-1); it needs nothing but the language, so that browser tests can make their own documents.

const A4 = { width: 595, height: 842 };
const FONTS = { F1: 'Helvetica', F2: 'Helvetica-Bold', F3: 'Courier' };

// Advance widths of Helvetica, characters 32 to 126, thousandths of the size (Adobe's core 14 metrics).
const WIDTHS =
  '278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 278 278 584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 667 944 667 667 611 278 278 278 469 556 333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 278 556 500 722 500 500 500 334 260 334 584'
    .split(' ')
    .map(Number);

export function textWidth(text, size) {
  let sum = 0;
  for (const character of text) sum += WIDTHS[(character.codePointAt(0) ?? 0) - 32] ?? 556;
  return (sum * size) / 1000;
}

export function wrap(text, size, width) {
  const lines = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && textWidth(longer, size) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return line === '' ? lines : [...lines, line];
}

// WinAnsi is Latin-1 but for 0x80-0x9f; these are the ones that prose uses.
const WIN_ANSI = {
  '–': 0x96,
  '—': 0x97,
  '‘': 0x91,
  '’': 0x92,
  '“': 0x93,
  '”': 0x94,
  '•': 0x95,
  '€': 0x80,
  '…': 0x85,
};

function literal(text) {
  let out = '';
  for (const character of text) {
    const code = WIN_ANSI[character] ?? character.codePointAt(0);
    if (code > 255) throw new Error(`No WinAnsi code for ${character}`);
    out +=
      code < 32 || code > 126 || '()\\'.includes(character)
        ? `\\${code.toString(8).padStart(3, '0')}`
        : character;
  }
  return `(${out})`;
}

export function textAt(x, top, size, text, font = 'F1', pageHeight = A4.height) {
  return `BT /${font} ${size} Tf 1 0 0 1 ${x} ${pageHeight - top} Tm ${literal(text)} Tj ET\n`;
}

function latin1(text) {
  return Uint8Array.from(text, (character) => character.charCodeAt(0) & 0xff);
}

function concat(...parts) {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

function hex(bytes) {
  return `<${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}>`;
}

function rc4(key, data) {
  const state = Uint8Array.from({ length: 256 }, (_, i) => i);
  for (let i = 0, j = 0; i < 256; i++) {
    j = (j + state[i] + key[i % key.length]) & 255;
    [state[i], state[j]] = [state[j], state[i]];
  }
  let i = 0;
  let j = 0;
  return data.map((byte) => {
    i = (i + 1) & 255;
    j = (j + state[i]) & 255;
    [state[i], state[j]] = [state[j], state[i]];
    return byte ^ state[(state[i] + state[j]) & 255];
  });
}

const PADDING = Uint8Array.from(
  '28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A'
    .match(/../g)
    .map((pair) => parseInt(pair, 16)),
);

/** The standard security handler, revision 3 (ISO 32000-1, 7.6.3): what opens only with the user password. */
function createLock(password, id, md5) {
  const padded = concat(latin1(password), PADDING).slice(0, 32);
  const twenty = (key, start) => {
    let value = start;
    for (let i = 0; i < 20; i++)
      value = rc4(
        key.map((byte) => byte ^ i),
        value,
      );
    return value;
  };
  const fifty = (start, length) => {
    let value = md5(start);
    for (let i = 0; i < 50; i++) value = md5(value.slice(0, length));
    return value.slice(0, length);
  };
  const owner = twenty(fifty(padded, 16), padded);
  const permissions = -3904;
  const p = Uint8Array.from([0, 8, 16, 24].map((shift) => (permissions >> shift) & 255));
  const key = fifty(concat(padded, owner, p, id), 16);
  const user = concat(twenty(key, md5(concat(PADDING, id))), new Uint8Array(16));
  return {
    dictionary: `<< /Filter /Standard /V 2 /R 3 /Length 128 /P ${permissions} /O ${hex(owner)} /U ${hex(user)} >>`,
    encrypt(number, bytes) {
      const salted = concat(
        key,
        Uint8Array.from([number & 255, (number >> 8) & 255, (number >> 16) & 255, 0, 0]),
      );
      return rc4(md5(salted).slice(0, 16), bytes);
    },
  };
}

function outlineObjects(entries, first, pageObject, string) {
  const number = (i) => first + 1 + i;
  const parentOf = (i) => {
    for (let j = i - 1; j >= 0; j--) if (entries[j].depth < entries[i].depth) return j;
    return -1;
  };
  const children = (parent) => entries.flatMap((_, i) => (parentOf(i) === parent ? [i] : []));
  const family = (parent) => {
    const all = children(parent);
    return all.length === 0
      ? ''
      : ` /First ${number(all[0])} 0 R /Last ${number(all.at(-1))} 0 R /Count ${all.length}`;
  };
  const items = entries.map((entry, i) => {
    const parent = parentOf(i);
    const siblings = children(parent);
    const at = siblings.indexOf(i);
    const previous = siblings[at - 1] === undefined ? '' : ` /Prev ${number(siblings[at - 1])} 0 R`;
    const next = siblings[at + 1] === undefined ? '' : ` /Next ${number(siblings[at + 1])} 0 R`;
    const up = parent === -1 ? first : number(parent);
    return `<< /Title ${string(number(i), entry.title)} /Parent ${up} 0 R${previous}${next}${family(i)} /Dest [${pageObject(entry.page)} 0 R /Fit] >>`;
  });
  return [`<< /Type /Outlines${family(-1)} >>`, ...items];
}

export function writePdf({ pages, title, outline = [], password, md5, deflate }) {
  const id = latin1('benchtop fixture'.padEnd(16)).slice(0, 16);
  const lock = password === undefined ? undefined : createLock(password, id, md5);
  const string = (number, text) => {
    if (!lock) return literal(text);
    return hex(lock.encrypt(number, latin1(text)));
  };
  const fontObject = 3;
  const pageObject = (i) => 6 + i * 2;
  const outlineObject = 6 + pages.length * 2;
  const pictures = pages.flatMap(({ picture }) => (picture ? [picture] : []));
  const firstPicture = outlineObject + (outline.length > 0 ? outline.length + 1 : 0);
  const pictureOf = ({ picture }) =>
    picture ? ` /XObject << /Im0 ${firstPicture + pictures.indexOf(picture)} 0 R >>` : '';
  const objects = [
    `<< /Type /Catalog /Pages 2 0 R${outline.length > 0 ? ` /Outlines ${outlineObject} 0 R /PageMode /UseOutlines` : ''} >>`,
    `<< /Type /Pages /Kids [${pages.map((_, i) => `${pageObject(i)} 0 R`).join(' ')}] /Count ${pages.length} >>`,
    ...Object.values(FONTS).map(
      (name) => `<< /Type /Font /Subtype /Type1 /BaseFont /${name} /Encoding /WinAnsiEncoding >>`,
    ),
  ];
  const fonts = Object.keys(FONTS)
    .map((name, i) => `/${name} ${fontObject + i} 0 R`)
    .join(' ');
  pages.forEach((page, i) => {
    const { width = A4.width, height = A4.height, rotate = 0 } = page;
    const number = pageObject(i);
    objects.push(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${width} ${height}]${rotate ? ` /Rotate ${rotate}` : ''} /Resources << /Font << ${fonts} >>${pictureOf(page)} >> /Contents ${number + 1} 0 R >>`,
    );
    let bytes = latin1(page.content);
    if (deflate) bytes = deflate(bytes);
    if (lock) bytes = lock.encrypt(number + 1, bytes);
    const filter = deflate ? ' /Filter /FlateDecode' : '';
    objects.push(
      concat(latin1(`<< /Length ${bytes.length}${filter} >>\nstream\n`), bytes, latin1('\nendstream')),
    );
  });
  if (outline.length > 0) objects.push(...outlineObjects(outline, outlineObject, pageObject, string));
  for (const { width, height, jpeg } of pictures)
    objects.push(
      concat(
        latin1(
          `<< /Type /XObject /Subtype /Image /Width ${width} /Height ${height} /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode /Length ${jpeg.length} >>\nstream\n`,
        ),
        jpeg,
        latin1('\nendstream'),
      ),
    );
  const infoObject = objects.length + 1;
  objects.push(
    `<< /Producer ${string(infoObject, 'Benchtop fixtures')}${title ? ` /Title ${string(infoObject, title)}` : ''} >>`,
  );
  if (lock) objects.push(lock.dictionary);

  const parts = [latin1('%PDF-1.6\n%\xe2\xe3\xcf\xd3\n')];
  let length = parts[0].length;
  const offsets = [];
  const push = (bytes) => {
    parts.push(bytes);
    length += bytes.length;
  };
  objects.forEach((object, i) => {
    offsets.push(length);
    const body = typeof object === 'string' ? latin1(object) : object;
    push(concat(latin1(`${i + 1} 0 obj\n`), body, latin1('\nendobj\n')));
  });
  const startxref = length;
  const rows = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const encrypt = lock ? ` /Encrypt ${objects.length} 0 R` : '';
  push(
    latin1(
      `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R /Info ${infoObject} 0 R /ID [${hex(id)} ${hex(id)}]${encrypt} >>\nstartxref\n${startxref}\n%%EOF\n`,
    ),
  );
  return concat(...parts);
}
