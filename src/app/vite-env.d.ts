interface ImportMetaEnv {
  /** package.json's version, put in by vite.config.ts. */
  readonly VITE_APP_VERSION: string;
}
