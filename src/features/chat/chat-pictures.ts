import type { GivenPicture } from './attaching.ts';
import type { ChatDependencies, ChatStore } from './chat-state.ts';
import type { ThreadStore } from './thread-store.ts';

/** Pictures that questions are about. What it takes to attach one is fetched with the first. */
export function createChatPictures(deps: ChatDependencies, store: ChatStore, threads: ThreadStore) {
  const load = async () => (await import('./attaching.ts')).createAttaching(deps, store, threads);
  return {
    /** They go with the next question of the open chat; what cannot is said in the composer. */
    attach: async (pictures: readonly GivenPicture[]): Promise<void> => (await load()).attach(pictures),
    detach: async (sha256: string): Promise<void> => (await load()).detach(sha256),
    /** A new chat with these pictures in its composer; undefined when none could be had: then that was said. */
    open: async (pictures: readonly GivenPicture[]): Promise<string | undefined> =>
      (await load()).open(pictures),
    dismissRefused: (): void => store.setState({ refusedPictures: [] }),
    /** The bytes of one that is attached or was asked about. */
    read: deps.repositories.threads.attachment,
    /** Whether one is (still) among the pictures of the user. */
    isKept: async (imageId: string): Promise<boolean> =>
      (await deps.repositories.images.get(imageId)) !== undefined,
  };
}
