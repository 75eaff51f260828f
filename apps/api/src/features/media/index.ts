export { createContentService, type ContentService } from './content.service.ts';
export { createMediaCare, type MediaCare } from './care.service.ts';
export { createStorageLedger, type Reservation, type StorageLedger } from './ledger.service.ts';
export { createMediaLinks, type MediaLinks } from './media-links.ts';
export { createMediaService, type MediaService } from './media.service.ts';
export { createScratch, type Scratch } from './scratch.ts';
export { createUploadService, type UploadService } from './upload.service.ts';
export { createVariantService, type VariantService } from './variants.service.ts';
export { createStorageVerifier, type StorageReport, type StorageVerifier } from './verify.service.ts';
