export { PvaflowError, type ErrorCode } from './core/errors.js';
export type { Labels, Metric, MetricFamily, MetricReading, MetricsSource, MetricType } from './core/metrics/metric.js';
export { MetricsRegistry, type MeasuredPart } from './core/metrics/registry.js';
export { MetricsServer, type MetricsAddress } from './core/metrics/server.js';
export { ALARM_SEVERITIES, ALARM_STATUSES, PvAlarm } from './pva/alarm.js';
export { PvObject } from './pva/pv-object.js';
export {
  PvType,
  structure,
  structureArray,
  union,
  unionArray,
  type CompoundType,
  type TypeFields,
  type TypeSpec,
} from './pva/pv-type.js';
export { checksums, type Checksum } from './pva/checksum.js';
export type { Cipher } from './pva/sealing.js';
export { PvTimeStamp } from './pva/time-stamp.js';
export { configureTransport, transportSettings, type TransportSettings } from './pva/transport.js';
export { CaClient, type CaChannelInfo, type CaGetOptions, type CaPutOptions } from './ca/client.js';
export type { CaClientConfig } from './ca/config.js';
export type { CaServerConfig } from './ca/server-config.js';
export type { CaMonitorOptions, CaQueueOptions, CaShowOptions } from './ca/monitor-options.js';
export type { CaData, CaPutValue } from './ca/put-value.js';
export { CaSubscription, type CaSubscriptionStats } from './ca/subscription.js';
export { parseChannelMap, type MirrorEntry, type MirrorProvider } from './hpc/mirror/channel-map.js';
export type { MirrorFigures } from './hpc/mirror/mirrored-channel.js';
export { MirrorServer, type MirrorServerConfig } from './hpc/mirror/mirror-server.js';
export { NtEnum } from './pva/normative/nt-enum.js';
export { NtNameValue } from './pva/normative/nt-name-value.js';
export { NtScalarArray, type NumericArray, type ScalarArray } from './pva/normative/nt-scalar-array.js';
export { NtScalar, type Scalar } from './pva/normative/nt-scalar.js';
export { NtTable } from './pva/normative/nt-table.js';
export { NtUri } from './pva/normative/nt-uri.js';
export type { FromOptions, OptionalFields } from './pva/normative/standard-fields.js';
export { formatShort, formatStructure, type FormatOptions } from './pva/format.js';

export { ColorMode } from './image/color-mode.js';
export {
  bloscCompressors,
  bloscShuffles,
  checkCompressOptions,
  type BloscCompressor,
  type BloscShuffle,
  type CompressOptions,
} from './image/codec/compress-options.js';
export { compressNtNdArray } from './image/codec/compress.js';
export { codecNames, type CodecName, type DecompressOptions } from './image/codec/compressed-data.js';
export { decompressNtNdArray, decompressNtNdArraySync } from './image/codec/decompress.js';
export { getNtNdArrayDataFieldKey } from './image/field-key.js';
export { FrameError, type FrameProblem } from './image/frame-error.js';
export { imageHeader } from './image/frame-header.js';
export {
  generateNtNdArray2D,
  replaceNtNdArrayImage2D,
  type ExtraFields,
  type GenerateOptions,
} from './image/generate.js';
export type { Image, ImageView, Pixels } from './image/image-view.js';
export { reshapeNtNdArray, type ReshapedImage } from './image/reshape.js';
export {
  DarkFlatCorrection,
  zeroFlatRules,
  type DarkFlatOptions,
  type ReferenceImage,
  type ZeroFlatRule,
} from './image/dark-flat.js';
export { areAlike, frameValues, outputTypes, placeForValues, type OutputType } from './image/frame-values.js';
export { HotPixels, hotPixelReplacements, type HotPixelOptions, type HotPixelReplacement } from './image/hot-pixels.js';
export { ImageSum, sumType } from './image/image-sum.js';
export { thresholdModes, thresholdPixels, type ThresholdMode, type ThresholdOptions } from './image/threshold.js';
export { averageModes, MovingAverage, type AverageMode, type MovingAverageOptions } from './image/moving-average.js';
export {
  centroidStatistics,
  histogramStatistics,
  pixelStatistics,
  type CentroidStatistics,
  type HistogramStatistics,
  type PixelStatistics,
} from './image/statistics.js';
export { conversions, type Conversion, type ValueRange } from './image/files/convert-pixels.js';
export { filePixels, type FilePixels } from './image/files/file-pixels.js';
export type { NpyArray } from './image/files/npy-reader.js';
export { readImageFile } from './image/files/read-image-file.js';
export { imageFileFormat, type EncodeOptions, type ImageFileFormat } from './image/files/image-file-format.js';
export {
  binMethods,
  binNtNdArray,
  binTypes,
  checkBinOptions,
  overflowRules,
  type BinMethod,
  type BinOptions,
  type BinType,
  type OverflowRule,
} from './image/operations/bin.js';
export {
  checkConvertColorOptions,
  convertColorNtNdArray,
  luminanceRules,
  outputColorModes,
  type ConvertColorOptions,
  type LuminanceRule,
  type OutputColorMode,
} from './image/operations/convert-color.js';
export {
  checkCropOptions,
  cropNtNdArray,
  outsideRules,
  type CropOptions,
  type OutsideRule,
} from './image/operations/crop.js';
export { checkSubsampleOptions, subsampleNtNdArray, type SubsampleOptions } from './image/operations/subsample.js';
export {
  checkThumbnailOptions,
  thumbnailNtNdArray,
  thumbnailTypes,
  type ThumbnailOptions,
  type ThumbnailType,
} from './image/operations/thumbnail.js';
export { checkTransform, transformNtNdArray, transforms, type Transform } from './image/operations/transform.js';
export { parseTileLayout, tileGrid, type TileGrid, type TileLayout, type TilePlace } from './image/tile-grid.js';
export { cutIntoTiles, stitchTiles, tileFacts, tileFields, type TileFacts } from './image/tiles.js';
export { AdImageProcessor } from './processor/ad-image-processor.js';
export { checkConfig, type ProcessorConfigSchema } from './processor/config-schema.js';
export type { JsonSchema } from './core/schema/json-schema.js';
export { Decryptor, decryptorSchema, type DecryptorConfig } from './processor/encryption/decryptor.js';
export { Encryptor, encryptorSchema, type EncryptorConfig } from './processor/encryption/encryptor.js';
export { REFUSALS, RefusedError, type Refusal } from './processor/encryption/refused-error.js';
export {
  durabilities,
  existingFileRules,
  writeWholeFile,
  type Durability,
  type ExistingFiles,
  type WholeFileOptions,
  type WrittenFile,
} from './core/files/whole-file.js';
export { removeLeftovers, type Leftovers } from './core/files/leftovers.js';
export type { FormatField } from './core/python-format/format-text.js';
export type { FormatValue } from './core/python-format/number-format.js';
export { FileNames, type FieldValues } from './processor/files/file-names.js';
export { ImageFileSaver, type ImageFileOptions } from './processor/files/image-file-saver.js';
export { compressions as hdf5Compressions } from './processor/hdf5/compression.js';
export { frameDataOf } from './processor/hdf5/frame-data.js';
export type { FrameData } from './processor/hdf5/frame-format.js';
export { Hdf5Writer, type Hdf5WriterOptions } from './processor/hdf5/hdf5-writer.js';
export { InOrder } from './processor/in-order.js';
export { joinedAttribute } from './processor/join/joined-attribute.js';
export type { JoinedChannel, JoinRule, Sample } from './processor/join/joined-channel.js';
export { joinMethods, type JoinMethod, type Match } from './processor/join/matching.js';
export { MetadataJoiner, type JoinMatches, type JoinOptions } from './processor/join/metadata-joiner.js';
export { loadProcessor, type ProcessorRequest } from './processor/load-processor.js';
export { startProcessor, type ProcessorContext, type ProcessorHost } from './processor/processor-host.js';
export { UserDataProcessor, type MetadataQueue } from './processor/user-data-processor.js';
export type { JoinedAttribute } from './pva/normative/joined-attribute.js';
export type { ImageHeader } from './pva/normative/image-header.js';
export { NtNdArray, type Dimension, type NtAttribute } from './pva/normative/nt-nd-array.js';
export type { DataFieldKey, NumberArray, PixelArray, PixelFormat, PixelType } from './pva/normative/pixel-types.js';
export { PvaChannel, type ChannelStats, type DistributorGroup, type SubscriberStats } from './pva/channel.js';
export type {
  ClientRequest,
  Departure,
  PutHandler,
  PvaChannelOptions,
  PvData,
  RpcHandler,
} from './pva/channel-options.js';
export type { DistributorOptions } from './pva/distributor-options.js';
export type { OnFull } from './pva/on-full.js';
export { PvaServer, type ServerConnection } from './pva/server.js';
export { type PvaServerConfig } from './pva/server-config.js';
export {
  PvaClient,
  type CallOptions,
  type ConnectionEvent,
  type PvaConnection,
  type RequestOptions,
  type RpcOptions,
} from './pva/client.js';
export type { PvaClientConfig } from './pva/config.js';
export type { MonitorOptions, QueueOptions } from './pva/monitor-options.js';
export { PvRequest, type PvRequestOptions, type PvRequestParts } from './pva/pv-request.js';
export type { PutValue } from './pva/put-value.js';
export { Subscription, type SubscriptionStats } from './pva/subscription.js';
export { UpdateStream, type MonitorEvent, type StreamStats } from './pva/update-stream.js';

export type { AcquisitionStats } from './hpc/acquisitions/acquisition-stats.js';
export type { EndOfAcquisition } from './hpc/acquisitions/end-of-acquisition.js';
export { resolveChannelNames, type ChannelNames } from './hpc/channel-names.js';
export { consumerDefaults, type ConsumerConfig, type ProcessorConfig } from './hpc/consumer-config.js';
export type { ConsumerStats, FrameStats, StageStats } from './hpc/consumer-stats.js';
export type { CollectorConfig, ProducerConfig } from './hpc/collector/collector-config.js';
export type { CollectorStats } from './hpc/collector/collector-stats.js';
export { Collector, type CollectorReport, type CollectorSnapshot } from './hpc/collector/collector.js';
export { Consumer, type ConsumerSnapshot } from './hpc/consumer.js';
export type { SplitterConfig, SplitOutputConfig } from './hpc/splitter/splitter-config.js';
export type { SplitterStats, SplitOutputStats } from './hpc/splitter/splitter-stats.js';
export {
  Splitter,
  type SplitOutputReport,
  type SplitterReport,
  type SplitterSnapshot,
} from './hpc/splitter/splitter.js';
export { isLossless, type FrameReport, type Losses, type LossReport } from './hpc/loss-report.js';
export type { SimConfig } from './hpc/sim-server/sim-config.js';
export type { SimInput } from './hpc/sim-server/sim-input.js';
export { SimServer, type SimFigures } from './hpc/sim-server/sim-server.js';

export {
  HELD,
  LEFT_BEHIND,
  type EventContext,
  type HoldingProcessor,
  type HoldingResult,
  type Observer,
  type Processor,
  type ProcessResult,
  type Sink,
  type Source,
  type StageControl,
} from './pipeline/interfaces.js';
export type { QueueLimits } from './pipeline/bounded-queue.js';
export type { Clock } from './pipeline/clock.js';
export type { EdgeOptions } from './pipeline/edge.js';
export { fanOut } from './pipeline/output.js';
export { Pipeline, type Failure, type PipelineOptions, type PipelineStats } from './pipeline/pipeline.js';
export type { QueueFigures, StageFigures } from './pipeline/pipeline-stats.js';
export type { SourceOptions, SourceQueueOptions } from './pipeline/receiver.js';
export type { StageOptions } from './pipeline/stage-options.js';
