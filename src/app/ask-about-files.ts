import type { Services } from './services.ts';

/** Files dropped on a chat go into the library, and this chat answers from the collection they went to. */
export async function askAboutFiles(
  { chat, library }: Pick<Services, 'chat' | 'library'>,
  files: readonly File[],
): Promise<void> {
  await library.addFiles(files);
  const { collectionId, collections, rejected, addError } = library.store.getState();
  if (addError || rejected.length === files.length) return;
  const target = collectionId ?? collections[0]?.id;
  const chosen = chat.store.getState().active?.collectionIds ?? [];
  if (target !== undefined && !chosen.includes(target))
    await chat.configure({ collectionIds: [...chosen, target] });
}
