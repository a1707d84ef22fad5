export { createTesseractRecognizer } from './tesseract-recognizer.ts';
