/** 16-bit PCM in a RIFF file; every channel sounds the same. */
export function wavOf(audio: Float32Array, sampleRate: number, channels = 1): Blob {
  const bytes = audio.length * channels * 2;
  const view = new DataView(new ArrayBuffer(44 + bytes));
  const word = (at: number, text: string): void => {
    for (let i = 0; i < text.length; i++) view.setUint8(at + i, text.charCodeAt(i));
  };
  word(0, 'RIFF');
  view.setUint32(4, 36 + bytes, true);
  word(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * channels * 2, true);
  view.setUint16(32, channels * 2, true);
  view.setUint16(34, 16, true);
  word(36, 'data');
  view.setUint32(40, bytes, true);
  for (let i = 0; i < audio.length; i++)
    for (let channel = 0; channel < channels; channel++)
      view.setInt16(44 + (i * channels + channel) * 2, Math.round((audio[i] ?? 0) * 32_767), true);
  return new Blob([view.buffer], { type: 'audio/wav' });
}
