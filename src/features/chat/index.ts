export { chatCommands } from './chat-commands.ts';
export { createChatController } from './chat-controller.ts';
export { ChatScreen } from './chat-screen.tsx';
