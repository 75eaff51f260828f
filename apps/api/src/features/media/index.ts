export { sendContent } from './send-content.ts';
export { createContentService, type ContentService } from './content.service.ts';
export { createMediaCare, type MediaCare } from './care.service.ts';
export { schoolsWithFiles } from './care.read-model.ts';
export type { Content } from './content.service.ts';
export { pixelsOf } from './image.ts';
export { STORAGE_LIMIT } from './ledger.repository.ts';
export { createStorageLedger, type Reservation, type StorageLedger } from './ledger.service.ts';
export { createKeptFiles, type KeptFiles } from './kept-files.service.ts';
export {
  discardKept,
  idsOfKept,
  keptFilesOf,
  keptWithSum,
  sumsOfKept,
  type KeptFile,
} from './kept-files.repository.ts';
export { createMediaLinks, type MediaLinks } from './media-links.ts';
export { mediaKind } from './file-kind.ts';
export { createMediaService, type MediaService } from './media.service.ts';
export { createScratch, type Scratch } from './scratch.ts';
export { createUploadService, type UploadService } from './upload.service.ts';
export { createVariantService, type VariantService } from './variants.service.ts';
export { createStorageVerifier, type StorageReport, type StorageVerifier } from './verify.service.ts';
export { filesOf, type AttachedFile } from './media.read-model.ts';
