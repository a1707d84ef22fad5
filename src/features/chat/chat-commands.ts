import { type CopyFormat, pathTo } from '#core/chat/index.ts';
import type { Command } from '#shared/command.ts';
import type { ChatController } from './chat-controller.ts';
import { isBeingWritten } from './other-tabs.ts';

export interface ChatCommandOptions {
  readonly onOpenThread: (id: string | undefined) => void;
  readonly onDownload: (name: string, text: string) => void;
}

/** What the palette, the menu and the keyboard offer for chats. */
export function chatCommands(controller: ChatController, options: ChatCommandOptions): readonly Command[] {
  const state = () => controller.store.getState();
  const isRunning = () => {
    const { active, running, messages } = state();
    return active !== undefined && (running[active.id] !== undefined || messages.some(isBeingWritten));
  };
  const lastAnswer = () => {
    const { active, messages } = state();
    return pathTo(messages, active?.activeLeafId ?? null).findLast(({ role }) => role === 'assistant');
  };
  const lastAnswerId = () => lastAnswer()?.id;
  const hasAnswer = () => !isRunning() && lastAnswerId() !== undefined;
  const hasText = () => hasAnswer() && controller.lastAnswer() !== '';
  const hasSources = () =>
    hasAnswer() &&
    (lastAnswer()?.parts.some((part) => part.type === 'sources' && part.passages.length > 0) ?? false);
  const copyAs = (format: CopyFormat, label: string): Command => ({
    id: `chat.copy-${format}`,
    label: `Copy the last answer${label}`,
    group: 'Chat',
    isAvailable: hasSources,
    async perform() {
      const text = await controller.copyOf(lastAnswerId() ?? '', format);
      if (text !== '') await navigator.clipboard.writeText(text); // else what was copied before stays
    },
  });
  const exportAs = async (format: 'markdown' | 'json') => {
    const { active } = state();
    const file = active && (await controller.exportThread(active.id, format));
    if (file) options.onDownload(file.name, file.text);
  };
  return [
    {
      id: 'chat.new',
      label: 'New chat',
      group: 'Chat',
      keys: 'mod+shift+o',
      perform: () => options.onOpenThread(undefined),
    },
    {
      id: 'chat.stop',
      label: 'Stop the answer',
      group: 'Chat',
      keys: 'escape',
      isAvailable: isRunning,
      perform: controller.stop,
    },
    {
      id: 'chat.regenerate',
      label: 'Answer again',
      group: 'Chat',
      keys: 'mod+shift+enter',
      isAvailable: hasAnswer,
      perform: () => controller.regenerate(lastAnswerId() ?? ''),
    },
    {
      id: 'chat.copy',
      label: 'Copy the last answer',
      group: 'Chat',
      keys: 'mod+shift+c',
      isAvailable: hasText,
      perform: () => navigator.clipboard.writeText(controller.lastAnswer()),
    },
    copyAs('markdown', ' with numbered sources'),
    copyAs('footnotes', ' with footnotes'),
    copyAs('bibtex', '’s sources as BibTeX'),
    {
      id: 'chat.check',
      label: 'Check the last answer against its sources',
      group: 'Chat',
      isAvailable: hasSources,
      perform: () => controller.check(lastAnswerId()),
    },
    {
      id: 'chat.pin',
      label: 'Pin or unpin this chat',
      group: 'Chat',
      isAvailable: hasAnswer,
      perform: () => controller.togglePin(state().active?.id ?? ''),
    },
    {
      id: 'chat.export-markdown',
      label: 'Export chat as Markdown',
      group: 'Chat',
      isAvailable: hasAnswer,
      perform: () => exportAs('markdown'),
    },
    {
      id: 'chat.export-json',
      label: 'Export chat as JSON',
      group: 'Chat',
      isAvailable: hasAnswer,
      perform: () => exportAs('json'),
    },
    {
      id: 'chat.delete',
      label: 'Delete this chat',
      group: 'Chat',
      isAvailable: () => (state().active?.activeLeafId ?? null) !== null,
      perform: () => controller.removeThread(state().active?.id ?? ''),
    },
  ];
}
