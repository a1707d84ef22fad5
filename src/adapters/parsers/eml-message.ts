import PostalMime, { type Address, type Email } from 'postal-mime';
import type { ParsedDocument, ParsedHeading } from '#core/ports/document-parser.ts';
import { breathe, throwIfAborted } from '#shared/breathe.ts';
import type { CallOptions } from '#shared/call.ts';
import { AppError } from '#shared/errors.ts';
import { withoutAttachments } from './eml-parts.ts';
import { readHtml } from './html-text.ts';
import { MAX_MAIL_BYTES } from './limits.ts';
import { nameOf, refuseEmpty } from './sniff.ts';

/** Without its attachments; it is read in one go. */
const MAX_READ_BYTES = 8 * 2 ** 20;

function people(list: Address | readonly Address[] | undefined): string {
  if (list === undefined) return '';
  const flat = (Array.isArray(list) ? list : [list]) as readonly Address[];
  return flat
    .map((each) => {
      if (each.group) return `${each.name}: ${people(each.group)}`;
      return each.name && each.name !== each.address ? `${each.name} <${each.address}>` : each.address;
    })
    .filter((each) => each !== '')
    .join(', ');
}

function line(text: string): string {
  return text.replace(/[\s\0]+/g, ' ').trim();
}

/** '2024-05-17 08:30 UTC', or what the mail says when it is no date. */
function dateText(date: string | undefined): string {
  if (date === undefined) return '';
  return /^\d{4}-\d\d-\d\dT/.test(date) ? `${date.slice(0, 10)} ${date.slice(11, 16)} UTC` : line(date);
}

async function parseMail(bytes: ArrayBuffer): Promise<Email> {
  try {
    return await PostalMime.parse(bytes);
  } catch (error) {
    throw new AppError(
      'input/invalid',
      'This mail is damaged and cannot be read. Save it again from its program as .eml, then add that.',
      { details: { reason: error instanceof Error ? error.message : String(error) }, cause: error },
    );
  }
}

/** The message as it reads: the plain text, or the page where that says more (some plain texts only point to it). */
async function bodyOf(
  mail: Email,
  signal: AbortSignal | undefined,
): Promise<Pick<ParsedDocument, 'text' | 'headings'>> {
  const plain = (mail.text ?? '').replace(/\r\n?/g, '\n').replaceAll('\0', '').trim();
  if (mail.html === undefined) return { text: plain, headings: [] };
  const page = await readHtml(mail.html, signal);
  return plain.length * 2 >= page.text.length ? { text: plain, headings: [] } : page;
}

function refuseEncrypted(mail: Email, body: string): void {
  const type = mail.headers.find(({ key }) => key === 'content-type')?.value ?? '';
  const isSigned = /smime-type\s*=\s*"?signed-data/i.test(type);
  const isEncrypted = /^multipart\/encrypted|^application\/(?:x-)?pkcs7-mime/i.test(type.trim()) && !isSigned;
  if (isEncrypted || (body === '' && /^application\/(?:x-)?pkcs7-mime/i.test(type.trim())))
    throw new AppError(
      'input/password-protected',
      'This mail is encrypted. Open it in its program, save a copy that is not, and add that.',
    );
}

/** Errors: input/invalid (empty, no mail, damaged), input/password-protected, input/too-large. */
export async function readMail(file: Blob, options: CallOptions | undefined): Promise<ParsedDocument> {
  const signal = options?.signal;
  throwIfAborted(signal);
  refuseEmpty(file);
  if (file.size > MAX_MAIL_BYTES) throw tooLarge(file.size, MAX_MAIL_BYTES, '');
  const tell = (done: number): void =>
    options?.onProgress?.({ phase: 'parse', done, total: 2, unit: 'fraction', label: nameOf(file) });
  const rest = await withoutAttachments(file, signal);
  if (rest.size > MAX_READ_BYTES) throw tooLarge(rest.size, MAX_READ_BYTES, ' without its attachments');
  tell(1);
  await breathe();
  throwIfAborted(signal);
  const mail = await parseMail(await rest.arrayBuffer());
  if (!mail.headers.some(({ key }) => /^(?:from|sender|subject|date|received|message-id)$/.test(key)))
    throw new AppError(
      'input/invalid',
      'This file is named like a mail, but it has no sender, subject or date. Save the mail again as .eml, then add it.',
    );
  const body = await bodyOf(mail, signal);
  refuseEncrypted(mail, body.text);
  throwIfAborted(signal);
  tell(2);
  return compose(mail, body);
}

function tooLarge(size: number, limit: number, which: string): AppError {
  return new AppError(
    'input/too-large',
    `This mail has ${Math.round(size / 2 ** 20)} MB${which}; up to ${limit / 2 ** 20} MB can be read. Save its text as .txt and add that.`,
    { details: { sizeBytes: size, limitBytes: limit } },
  );
}

function compose(mail: Email, body: Pick<ParsedDocument, 'text' | 'headings'>): ParsedDocument {
  const subject = line(mail.subject ?? '') || '(no subject)';
  const from = line(people(mail.from ?? mail.sender));
  const date = dateText(mail.date);
  const names = mail.attachments.flatMap(({ filename, related }) =>
    filename && !related ? [line(filename)] : [],
  );
  const head = [
    subject,
    ...Object.entries({
      From: from,
      To: line(people(mail.to)),
      Cc: line(people(mail.cc)),
      Date: date,
      Attachments: names.join(', '),
    }).flatMap(([name, value]) => (value === '' ? [] : [`${name}: ${value}`])),
  ].join('\n');
  const who = mail.from?.name || mail.from?.address || '';
  const about = [line(who), date.slice(0, 10)].filter((each) => each !== '').join(', ');
  const bodyAt = head.length + 2;
  const headings: ParsedHeading[] = [
    // A later passage of a long mail knows from this who wrote it and when.
    { level: 1, text: about === '' ? subject : `${subject} (${about})`, start: 0 },
    ...body.headings.map(({ level, text, start }) => ({
      level: Math.min(6, level + 1),
      text,
      start: start + bodyAt,
    })),
  ];
  return {
    text: body.text === '' ? head : `${head}\n\n${body.text}`,
    title: subject,
    headings,
    pages: [],
    boxes: [],
  };
}
