/** What text recognition fetches, as it lies in the build; scripts/recognition-files.test.mjs holds it to the files. */
export const recognitionFiles = {
  engineBytes: 2_946_872,
  languages: [{ id: 'eng', label: 'English', sizeBytes: 2_952_873 }],
} as const;
