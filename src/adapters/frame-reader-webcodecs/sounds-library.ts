/** Only what is read of it, as for films: what recordings come in. */
export {
  ADTS,
  AudioSampleSink,
  BlobSource,
  FLAC,
  Input,
  Logging,
  LogLevel,
  MATROSKA,
  MP3,
  MP4,
  OGG,
  QTFF,
  WAVE,
  WEBM,
} from 'mediabunny';
