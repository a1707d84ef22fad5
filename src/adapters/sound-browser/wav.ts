/** 16-bit PCM in a RIFF file; every channel sounds the same. */
export function wavOf(audio: Float32Array, sampleRate: number, channels = 1): Blob {
  const bytes = audio.length * channels * 2;
  const head = new DataView(new ArrayBuffer(44));
  const word = (at: number, text: string): void => {
    for (let i = 0; i < text.length; i++) head.setUint8(at + i, text.charCodeAt(i));
  };
  word(0, 'RIFF');
  head.setUint32(4, 36 + bytes, true);
  word(8, 'WAVEfmt ');
  head.setUint32(16, 16, true);
  head.setUint16(20, 1, true);
  head.setUint16(22, channels, true);
  head.setUint32(24, sampleRate, true);
  head.setUint32(28, sampleRate * channels * 2, true);
  head.setUint16(32, channels * 2, true);
  head.setUint16(34, 16, true);
  word(36, 'data');
  head.setUint32(40, bytes, true);
  const samples = new Int16Array(audio.length * channels); // little-endian, as every machine with a browser is
  for (let i = 0; i < audio.length; i++) {
    const value = Math.round(Math.max(-1, Math.min(1, audio[i] as number)) * 32_767);
    for (let channel = 0; channel < channels; channel++) samples[i * channels + channel] = value;
  }
  return new Blob([head, samples], { type: 'audio/wav' });
}
