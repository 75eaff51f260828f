import type { ImageDecoder } from './image.ts';
import { AppError } from '../../platform/app-error.ts';

/** As much of a file as is looked at to tell what it is: office documents name their kind some way in. */
export const SNIFFED_BYTES = 64 * 1024;

export interface FileKind {
  mediaType: string;
  /** Without its dot. */
  extension: string;
  /** Of an image, which is decoded and written anew before anybody sees it. Null: kept as it is, byte for byte. */
  decoder: ImageDecoder | null;
}

/** What is decoded, and what it is written as. */
const IMAGES: Record<string, FileKind> = {
  'image/jpeg': { mediaType: 'image/jpeg', extension: 'jpg', decoder: 'jpeg' },
  'image/png': { mediaType: 'image/png', extension: 'png', decoder: 'png' },
  'image/apng': { mediaType: 'image/png', extension: 'png', decoder: 'png' },
  'image/gif': { mediaType: 'image/gif', extension: 'gif', decoder: 'gif' },
  'image/webp': { mediaType: 'image/webp', extension: 'webp', decoder: 'webp' },
  'image/avif': { mediaType: 'image/avif', extension: 'avif', decoder: 'heif' },
  'image/tiff': { mediaType: 'image/jpeg', extension: 'jpg', decoder: 'tiff' },
};

const KEPT: Record<string, string> = {
  'application/pdf': 'pdf',
  'application/zip': 'zip',
  'application/epub+zip': 'epub',
  'application/rtf': 'rtf',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': 'pptx',
  'application/vnd.oasis.opendocument.text': 'odt',
  'application/vnd.oasis.opendocument.spreadsheet': 'ods',
  'application/vnd.oasis.opendocument.presentation': 'odp',
  'application/vnd.oasis.opendocument.graphics': 'odg',
  'audio/mpeg': 'mp3',
  'audio/mp4': 'm4a',
  'audio/x-m4a': 'm4a',
  'audio/aac': 'aac',
  'audio/ogg': 'ogg',
  'audio/opus': 'opus',
  'audio/ogg; codecs=opus': 'opus',
  'audio/flac': 'flac',
  'audio/x-flac': 'flac',
  'audio/wav': 'wav',
  'audio/vnd.wave': 'wav',
  'video/mp4': 'mp4',
  'video/x-m4v': 'm4v',
  'video/webm': 'webm',
  'video/ogg': 'ogv',
  'video/quicktime': 'mov',
};

/** Older office documents, which tell no more of themselves than that they are some: by name, and never shown. */
const OLD_OFFICE = new Set(['doc', 'xls', 'ppt', 'pub', 'msg']);
const TEXTS: Record<string, string> = {
  csv: 'text/csv',
  md: 'text/plain',
  txt: 'text/plain',
  ics: 'text/calendar',
};
/** Text that a browser would run or show as a page. */
const ACTIVE_TEXT = /^\s*(?:<[!?a-z/]|#!)|<(?:script|html|svg|iframe|body|head|meta|object|embed)[\s>/]/i;
const ACTIVE_NAME =
  /\.(?:x?html?|xht|shtml|m?js|jsx|tsx?|css|xml|xsl|svg|php\d?|phtml|json|sh|bat|cmd|ps1|vbs|hta)$/i;
const UNTOLD = 'application/octet-stream';

const extensionOf = (name: string): string =>
  /\.([a-z0-9]{1,8})$/i.exec(name.trim())?.[1]?.toLowerCase() ?? '';

/** The text that these bytes are, cut where they are; null for what is no text. */
function textOf(head: Buffer): string | null {
  if (head.includes(0)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
  } catch {
    // As spreadsheets of some years ago write it: any bytes but control ones.
    return head.every((byte) => byte >= 32 || byte === 9 || byte === 10 || byte === 12 || byte === 13)
      ? head.toString('latin1')
      : null;
  }
}

const looksLikeSvg = (text: string): boolean => {
  const start = text
    .replace(/^\uFEFF/, '')
    .replace(/^(?:\s+|<\?[^>]*\?>|<!--[\s\S]*?-->|<!DOCTYPE[^>[]*(?:\[[^\]]*\])?[^>]*>)*/i, '');
  return /^<(?:svg|[a-z]+:svg)[\s>]/i.test(start);
};

/**
 * What a file is, by its first bytes: neither its name nor its sender is believed. Throws `file_type_refused` for what schools have
 * no use for, such as programs.
 */
export async function kindOf(head: Buffer, name: string): Promise<FileKind> {
  // Loaded when it is needed: every start and every command would wait for it.
  const { fileTypeFromBuffer } = await import('file-type');
  const found = await fileTypeFromBuffer(head);
  const type = found?.mime ?? null;
  if (type && IMAGES[type]) return IMAGES[type];
  if (type && KEPT[type])
    return { mediaType: type.split(';')[0] ?? type, extension: KEPT[type], decoder: null };
  const extension = extensionOf(name);
  if (type === 'application/x-cfb' && OLD_OFFICE.has(extension))
    return { mediaType: UNTOLD, extension, decoder: null };
  const isText =
    type === null || type === 'application/xml' || type.startsWith('text/') || type === 'image/svg+xml';
  const text = isText ? textOf(head) : null;
  if (text === null) throw new AppError('file_type_refused', { details: { name, type: type ?? '?' } });
  if (looksLikeSvg(text)) return { mediaType: 'image/png', extension: 'png', decoder: 'svg' };
  // A download under its own name, which no browser shows.
  if (type !== null || ACTIVE_TEXT.test(text) || ACTIVE_NAME.test(name))
    return { mediaType: UNTOLD, extension: 'txt', decoder: null };
  const known = TEXTS[extension];
  return { mediaType: known ?? 'text/plain', extension: known ? extension : 'txt', decoder: null };
}

export type MediaKind = 'image' | 'audio' | 'video' | 'document';

/** What a media type is to people. */
export function mediaKind(mediaType: string): MediaKind {
  const [first] = mediaType.split('/');
  return first === 'image' || first === 'audio' || first === 'video' ? first : 'document';
}

/** What browsers may show in place; all else is saved. */
export const isShown = (mediaType: string): boolean =>
  /^(?:image\/(?:jpeg|png|gif|webp|avif)|audio\/|video\/)/.test(mediaType);
