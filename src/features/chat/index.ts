export { chatCommands } from './chat-commands.ts';
export { type ChatController, createChatController } from './chat-controller.ts';
export { ChatScreen } from './chat-screen.tsx';
