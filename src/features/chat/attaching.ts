import { createThread } from '#core/chat/index.ts';
import type { Attachment, ImagePart, ThreadRecord } from '#core/ports/chat-records.ts';
import type { RejectedFile } from '#core/ports/library.ts';
import { isAbort, toAppError } from '#shared/errors.ts';
import { createId } from '#shared/ids.ts';
import type { ChatDependencies, ChatStore } from './chat-state.ts';
import { withoutPictures } from './sight.ts';
import type { ThreadStore } from './thread-store.ts';

/** More would fill most contexts alone. */
export const MOST_PICTURES = 8;

/** A picture to ask about. */
export interface GivenPicture {
  readonly file: Blob;
  readonly name: string;
  /** Where it is kept in Pictures. */
  readonly imageId?: string;
}

interface Prepared {
  readonly image: ImagePart;
  readonly attachment: Attachment;
}

const refusal = (name: string, error: unknown): RejectedFile => {
  const { code, message } = toAppError(error);
  return { name, code, message };
};

const tooMany = (name: string): RejectedFile => ({
  name,
  code: 'input/too-large',
  message: `“${name}” was not attached: at most ${MOST_PICTURES} pictures go with a question. Remove one, or ask about these first.`,
});

/** Of `more`, what a draft has not and has room for, and what it has no room for. */
function fitting(before: readonly ImagePart[], more: readonly ImagePart[]) {
  const known = new Set(before.map(({ sha256 }) => sha256));
  const fresh = more.filter(({ sha256 }, i) => {
    const isFirst = more.findIndex((other) => other.sha256 === sha256) === i;
    return isFirst && !known.has(sha256);
  });
  const room = Math.max(0, MOST_PICTURES - before.length);
  return { added: fresh.slice(0, room), refused: fresh.slice(room) };
}

/** Pictures that wait with a question. Fetched with the first of them. */
export function createAttaching(deps: ChatDependencies, store: ChatStore, threads: ThreadStore) {
  const { repositories, notify, now = Date.now } = deps;

  /** In the composer of the chat that they were meant for; at the foot of the page where another is open by now. */
  function refuse(threadId: string, files: readonly RejectedFile[]): void {
    const { active, refusedPictures } = store.getState();
    if (active?.id === threadId) store.setState({ refusedPictures: [...refusedPictures, ...files] });
    else for (const { message } of files) notify(message);
  }

  /** One after the other: a broken one is refused by name, and the others stay. */
  async function prepare(given: readonly GivenPicture[]) {
    const prepared: Prepared[] = [];
    const refused: RejectedFile[] = [];
    for (const { file, name, imageId } of given) {
      try {
        const { blob, sha256, ...size } = await deps.preparePicture({ file, name });
        const { mediaType, width, height } = size;
        const from = imageId === undefined ? {} : { imageId };
        const image: ImagePart = { type: 'image', sha256, mediaType, name, width, height, ...from };
        prepared.push({ image, attachment: { sha256, blob } });
      } catch (error) {
        if (isAbort(error)) continue;
        refused.push(refusal(name, error));
      }
    }
    return { prepared, refused };
  }

  function count(more: number): void {
    store.setState({ attachingCount: store.getState().attachingCount + more });
  }

  /**
   * Only what is stored is shown: a picture that a full disk refused would be gone with the page. What is changed twice, by a
   * row that was read meanwhile, is changed once. Rejects with storage/*.
   */
  async function change(
    thread: ThreadRecord,
    to: (thread: ThreadRecord) => ThreadRecord,
    attachments: readonly Attachment[] = [],
  ): Promise<void> {
    await threads.saveDraft();
    await threads.put(thread, to, attachments);
    const { active } = store.getState();
    if (active?.id === thread.id) store.setState({ active: to(active) });
    await threads.reloadThreads();
  }

  return {
    /** Puts pictures into the composer of the open thread. Never rejects: what is refused is said there. */
    async attach(given: readonly GivenPicture[]): Promise<void> {
      const { active } = store.getState();
      if (active === undefined || given.length === 0) return;
      const room = MOST_PICTURES - (active.draftImages?.length ?? 0);
      const tried = given.slice(0, Math.max(0, room));
      store.setState({ refusedPictures: given.slice(tried.length).map(({ name }) => tooMany(name)) });
      count(tried.length);
      try {
        const { prepared, refused } = await prepare(tried);
        refuse(active.id, refused);
        const images = prepared.map(({ image }) => image);
        const late: ImagePart[] = [];
        const add = (thread: ThreadRecord): ThreadRecord => {
          const before = thread.draftImages ?? [];
          const { added, refused: over } = fitting(before, images);
          late.splice(0, late.length, ...over);
          return added.length === 0 ? thread : { ...thread, draftImages: [...before, ...added] };
        };
        if (images.length === 0) return;
        try {
          await change(
            active,
            add,
            prepared.map(({ attachment }) => attachment),
          );
          refuse(
            active.id,
            late.map(({ name }) => tooMany(name)),
          );
        } catch (error) {
          refuse(
            active.id,
            images.map(({ name }) => refusal(name, error)),
          );
        }
      } finally {
        count(-tried.length);
      }
    },
    async detach(sha256: string): Promise<void> {
      const { active } = store.getState();
      if (active === undefined) return;
      try {
        await change(active, (thread) => withoutPictures(thread, [{ sha256 }]));
        await repositories.threads.dropUnusedAttachments();
      } catch (error) {
        notify(`The picture was not removed: ${toAppError(error).message}`);
      }
    },
    /** A new chat with these pictures in its composer; undefined when none can be had: then that was said. */
    async open(given: readonly GivenPicture[]): Promise<string | undefined> {
      const { prepared, refused } = await prepare(given.slice(0, MOST_PICTURES));
      const over = given.slice(MOST_PICTURES).map(({ name }) => tooMany(name));
      const { added } = fitting(
        [],
        prepared.map(({ image }) => image),
      );
      const [first] = added;
      if (first === undefined) {
        const [why] = refused;
        notify(why?.message ?? 'There is no picture to ask about.');
        return undefined;
      }
      const created = { ...createThread(createId(now()), now()), ...deps.newChat?.() };
      const thread = { ...created, draftImages: added };
      try {
        await repositories.threads.save({
          thread,
          attachments: prepared.map(({ attachment }) => attachment),
        });
      } catch (error) {
        notify(`The chat was not begun: ${toAppError(error).message}`);
        return undefined;
      }
      for (const { message } of [...refused, ...over.slice(0, 1)]) notify(message);
      return thread.id;
    },
  };
}
