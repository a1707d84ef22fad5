/** Only what is read of it: the rest of the library (writing, streaming, other containers) stays out of the build. */
export {
  BlobSource,
  EncodedPacketSink,
  Input,
  Logging,
  LogLevel,
  MATROSKA,
  MP4,
  QTFF,
  VideoSampleSink,
  WEBM,
} from 'mediabunny';
