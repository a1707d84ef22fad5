import type { OpenMicrophone } from '#core/ports/sound.ts';
import { AppError } from '#shared/errors.ts';

function asAppError(error: unknown): AppError {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError')
    return new AppError(
      'tool/denied',
      'The microphone is not allowed for this page. Allow it in the address bar’s site settings, then press the microphone again.',
      { cause: error },
    );
  if (name === 'NotFoundError')
    return new AppError('input/invalid', 'No microphone was found. Connect one, then try again.', {
      cause: error,
    });
  return new AppError(
    'input/invalid',
    'The microphone could not be opened: another program may be using it. Close that, then try again.',
    { cause: error },
  );
}

/** Asks for the microphone, which the browser asks the user for. Nothing leaves the page. */
export async function openMicrophone(): Promise<OpenMicrophone> {
  if (navigator.mediaDevices === undefined || typeof MediaRecorder === 'undefined')
    throw new AppError('capability/unsupported-browser', 'This browser has no microphone for this page.');
  let stream: MediaStream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  } catch (error) {
    throw asAppError(error);
  }
  const context = new AudioContext();
  void context.resume();
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const recorder = new MediaRecorder(stream);
  const parts: Blob[] = [];
  recorder.ondataavailable = ({ data }) => parts.push(data);
  const ended = new Promise<void>((resolve) => {
    recorder.onstop = () => resolve();
  });
  recorder.start(1000);
  const close = async (): Promise<void> => {
    if (recorder.state !== 'inactive') recorder.stop();
    for (const track of stream.getTracks()) track.stop();
    await ended;
    if (context.state !== 'closed') await context.close();
  };
  return {
    level() {
      analyser.getFloatTimeDomainData(samples);
      let sum = 0;
      for (const value of samples) sum += value * value;
      const decibels = 10 * Math.log10(sum / samples.length + 1e-10);
      // From a quiet room to a voice that is too near.
      return Math.min(1, Math.max(0, (decibels + 60) / 60));
    },
    async stop() {
      await close();
      return new Blob(parts, { type: recorder.mimeType });
    },
    cancel: () => void close(),
  };
}
