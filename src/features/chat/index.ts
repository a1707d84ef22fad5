export { chatCommands } from './chat-commands.ts';
export { createChatController } from './chat-controller.ts';
export { ChatScreen, type ChatScreenProps } from './chat-screen.tsx';
export { openedSource } from './cited-spans.ts';
