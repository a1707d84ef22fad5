import { AppError } from '#shared/errors.ts';
import { MAX_PACKAGE_BYTES } from './limits.ts';
import { binaryKind, headOf, isPdf, isZip, looksLikeHtml, refuseEmpty } from './sniff.ts';
import { openZip, type ZipArchive } from './zip-archive.ts';

const OLE_HEAD_BYTES = 512 * 1024;

export interface PackageKind {
  /** 'Word document' */
  readonly noun: string;
  /** '.docx' */
  readonly ending: string;
}

/** A locked Office file is an old-style container that holds a stream of this name (MS-OFFCRYPTO 2.3.4.4). */
async function isLocked(file: Blob): Promise<boolean> {
  const parts = [file.slice(0, OLE_HEAD_BYTES), file.slice(Math.max(0, file.size - OLE_HEAD_BYTES))];
  const texts = await Promise.all(
    parts.map(async (part) => new TextDecoder('latin1').decode(await part.arrayBuffer())),
  );
  return texts.some((text) => text.includes([...'EncryptedPackage'].join('\0')));
}

async function refuseWhatIsNoPackage(file: Blob, { noun, ending }: PackageKind): Promise<void> {
  const head = await headOf(file);
  if (isZip(head)) return;
  const isOle = head[0] === 0xd0 && head[1] === 0xcf && head[2] === 0x11 && head[3] === 0xe0;
  if (isOle && (await isLocked(file)))
    throw new AppError(
      'input/password-protected',
      `This ${noun} is locked with a password. Open it where you know the password, save a copy without one, and add that.`,
    );
  const kind = isPdf(head)
    ? 'a PDF'
    : (binaryKind(head) ?? (looksLikeHtml(head) ? 'a web page' : 'something else'));
  throw new AppError(
    'input/invalid',
    isOle
      ? `This file is ${kind}. Open it in its program, save it as ${ending}, and add that.`
      : `This file is named like a ${noun}, but it is ${kind}. Give it the right name, or add the ${noun} itself.`,
    { details: { kind } },
  );
}

/** The archive that a modern document is. Errors: those of openZip, and input/* for what is no archive at all. */
export async function openPackage(file: Blob, kind: PackageKind): Promise<ZipArchive> {
  refuseEmpty(file);
  await refuseWhatIsNoPackage(file, kind);
  if (file.size > MAX_PACKAGE_BYTES)
    throw new AppError(
      'input/too-large',
      `This ${kind.noun} has ${Math.round(file.size / 2 ** 20)} MB; up to ${MAX_PACKAGE_BYTES / 2 ** 20} MB can be read. Split it and add the parts.`,
      { details: { sizeBytes: file.size, limitBytes: MAX_PACKAGE_BYTES } },
    );
  return openZip(file, `This ${kind.noun}`);
}

/** A part that the format cannot do without. */
export function missingPart(noun: string, part: string): AppError {
  return new AppError(
    'input/invalid',
    `This file is an archive, but no ${noun}: ${part} is missing. Save it again where it came from, then add it.`,
    { details: { part } },
  );
}
