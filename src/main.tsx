import { startApp } from '#app/start.tsx';
import { installTrustedTypes } from '#app/trusted-types.ts';
import '#ui/base.css';

installTrustedTypes();
const root = document.getElementById('root');
if (root) void startApp(root);
